/**
 * Reads the numbered files of a page that is a folder: classic scripts, since a page opened from a disk may fetch nothing else.
 *
 * A file delivers its chunks to one function in the page, and is forgotten once a few others were read. Knows no study.
 */
import { fromBase64 } from "../../store/base64";
import { inflate } from "./deflated";

export interface Site {
  readonly folder: string;
  /** The file of each single chunk. */
  readonly files: Readonly<Record<string, number>>;
  /** The first file of each family, and how many of its chunks are in one. */
  readonly families: Readonly<Record<string, FamilyFiles>>;
}

interface FamilyFiles {
  readonly start: number;
  readonly per_file: number;
}

type Carried = Readonly<Record<string, readonly [text: string, deflated: number]>>;

const RECEIVER = Symbol.for("depthviz/site");
const KEPT = 16;

export function createSiteReader(site: Site): (name: string) => Promise<Uint8Array> {
  const read = new Map<number, Promise<Carried>>();

  function open(number: number): Promise<Carried> {
    const known = read.get(number);
    if (known) return known;
    const opening = readFile(`${site.folder}/${number}.js`, number);
    read.set(number, opening);
    opening.catch(() => read.delete(number));
    const [oldest] = read.keys();
    if (read.size > KEPT && oldest !== undefined) read.delete(oldest);
    return opening;
  }

  return async (name) => {
    const number = fileOf(site, name);
    const found = number === undefined ? undefined : (await open(number))[name];
    if (!found) throw new Error(`This page does not carry '${name}'.`);
    const bytes = fromBase64(found[0]);
    return found[1] === 1 ? inflate(bytes) : bytes;
  };
}

function fileOf({ files, families }: Site, name: string): number | undefined {
  if (Object.hasOwn(files, name)) return files[name];
  const end = name.lastIndexOf("/");
  const family = families[name.slice(0, end)];
  const number = Number(name.slice(end + 1));
  if (!family || !Number.isInteger(number) || number < 0) return undefined;
  return family.start + Math.floor(number / family.per_file);
}

function readFile(path: string, number: number): Promise<Carried> {
  const receivers = globalThis as unknown as Record<
    symbol,
    (number: number, chunks: Carried) => void
  >;
  receivers[RECEIVER] ??= (arrived, chunks) => waiting.get(arrived)?.(chunks);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      waiting.delete(number);
      script.remove();
      settle();
    };
    waiting.set(number, (chunks) => end(() => resolve(chunks)));
    // One that is damaged loads, and delivers nothing.
    const fail = () =>
      end(() => reject(new Error(`${path} cannot be read. It belongs next to this page.`)));
    script.addEventListener("error", fail);
    script.addEventListener("load", fail);
    script.src = path;
    document.head.append(script);
  });
}

const waiting = new Map<number, (chunks: Carried) => void>();
