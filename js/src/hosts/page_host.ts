/**
 * The host of an offline page: every chunk is in the page itself, and nothing is behind it.
 *
 * Selection and state live as long as the page is open.
 */
import { type Host, HostGone } from "./host";

export interface Page {
  readonly manifest: unknown;
  readonly chunks: Readonly<Record<string, string>>;
  readonly session_id: string;
  readonly height: number;
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
  let selection = new Uint8Array(0);
  let state: Readonly<Record<string, unknown>> = {};
  let gone = false;
  return {
    manifest: page.manifest,
    sessionId: page.session_id,
    height: page.height,
    async load(name) {
      if (gone) throw new HostGone();
      const text = page.chunks[name];
      if (text === undefined) throw new Error(`This page does not carry '${name}'.`);
      return fromBase64(text);
    },
    readSelection: () => selection,
    readUiState: () => state,
    writeSelection(bits) {
      selection = bits.slice();
    },
    writeUiState(next) {
      state = { ...next };
    },
    onChange() {},
    dispose() {
      gone = true;
    },
  };
}

function fromBase64(text: string): Uint8Array {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
