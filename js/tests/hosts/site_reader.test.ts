import { deflateRawSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { createSiteReader } from "../../src/hosts/page/site_reader";
import { toBase64 } from "../study";

const site = {
  folder: "data",
  files: { votes: 0, "column/__proto__": 1 },
  families: { original: { start: 2, per_file: 2 } },
};

/** The scripts that the page asked for, instead of a network. */
function scripts(): HTMLScriptElement[] {
  const asked: HTMLScriptElement[] = [];
  vi.spyOn(document.head, "append").mockImplementation((script) => {
    asked.push(script as HTMLScriptElement);
  });
  return asked;
}

type Hands = (number: number, chunks: object) => void;
const hand: Hands = (number, chunks) =>
  (globalThis as unknown as Record<symbol, Hands>)[Symbol.for("depthviz/site")]?.(number, chunks);

afterEach(() => vi.restoreAllMocks());

test("chunks come from the numbered file that holds them, read once", async () => {
  const asked = scripts();
  const load = createSiteReader(site);
  const bytes = Uint8Array.of(1, 2, 3);
  const both = [load("original/3"), load("original/2")];
  expect(asked.map((script) => script.getAttribute("src"))).toEqual(["data/3.js"]);
  hand(3, {
    "original/3": [toBase64(bytes), 0],
    "original/2": [toBase64(deflateRawSync(bytes)), 1],
  });
  expect(await Promise.all(both)).toEqual([bytes, bytes]);
});

test("a file that is gone is told, and asked for again", async () => {
  const asked = scripts();
  const load = createSiteReader(site);
  const failing = load("votes");
  asked[0]?.dispatchEvent(new Event("error"));
  await expect(failing).rejects.toThrow("data/0.js cannot be read. It belongs next to this page.");
  const again = load("votes");
  hand(0, { votes: ["AQ==", 0] });
  expect(await again).toEqual(Uint8Array.of(1));
});

test("a damaged file, which hands nothing over, is told as well", async () => {
  const asked = scripts();
  const load = createSiteReader(site);
  const failing = load("votes");
  asked[0]?.dispatchEvent(new Event("load"));
  await expect(failing).rejects.toThrow("data/0.js cannot be read.");
  const again = load("votes");
  hand(0, { votes: ["AQ==", 0] });
  asked[1]?.dispatchEvent(new Event("load"));
  expect(await again).toEqual(Uint8Array.of(1));
});

test("what is in no file is told without asking", async () => {
  const asked = scripts();
  const load = createSiteReader(site);
  for (const name of ["toString", "tile/0", "original/-1", "original/x"]) {
    await expect(load(name)).rejects.toThrow(`does not carry '${name}'`);
  }
  expect(asked).toEqual([]);
});
