/**
 * The host of an offline page: every chunk is in the page itself, and nothing is behind it.
 *
 * A chunk is decoded when it is asked for, so that nothing waits for what is not in sight. Selection and state start as the page
 * was written, or as its address says.
 */
import { fromBase64 } from "../../store/base64";
import { type Host, HostGone, readViewRequest } from "../host";
import { inflate } from "./deflated";
import { createPageAnnotating } from "./page_annotating";
import { createPageMemory, type Remembered } from "./page_memory";
import { createSiteReader, type Site } from "./site_reader";

export interface Page extends Remembered {
  readonly chunks: Readonly<Record<string, string>>;
  readonly session_id: string;
  readonly height: number;
  /** Names of the chunks that are deflated. */
  readonly deflated?: readonly string[];
  /** Where the chunks are that the page does not carry itself. */
  readonly site?: Site;
}

/** Read the JSON that a page carries; say what is wrong rather than show nothing. */
export function readPage(text: string): Page {
  const page: unknown = JSON.parse(text);
  if (typeof page !== "object" || page === null || !("manifest" in page) || !("chunks" in page)) {
    throw new Error("This page carries no study.");
  }
  return { session_id: "page", height: 720, ...(page as Pick<Page, "manifest" | "chunks">) };
}

export function createPageHost(page: Page): Host {
  const deflated = new Set(page.deflated);
  const memory = createPageMemory(page);
  const reach = page.site && createSiteReader(page.site);
  let gone = false;
  return {
    manifest: page.manifest,
    sessionId: page.session_id,
    height: page.height,
    whole: !reach,
    request: readViewRequest("explorer", {}),
    async load(name) {
      if (gone) throw new HostGone();
      const text = page.chunks[name];
      if (text === undefined && reach) return reach(name);
      if (text === undefined) throw new Error(`This page does not carry '${name}'.`);
      const bytes = fromBase64(text);
      return deflated.has(name) ? inflate(bytes) : bytes;
    },
    ...memory,
    ...(ANNOTATING && createPageAnnotating(page)),
    dispose() {
      gone = true;
      memory.dispose();
    },
  };
}
