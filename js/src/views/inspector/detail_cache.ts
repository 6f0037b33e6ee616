/**
 * DetailCache: chunks of details that are fetched when an example of theirs is looked at, and kept for a while.
 *
 * A view asks while drawing and gets the bytes, or word of how it stands; it draws again when they have come. Knows no layout
 * of bytes.
 */

import { hasChunk, type Parts } from "../../store/manifest";
import { signal } from "../../store/reactive";

export type Detail =
  | { readonly state: "ready"; readonly bytes: Uint8Array }
  | { readonly state: "loading" }
  | { readonly state: "absent"; readonly reason: string };

export interface DetailCache {
  get(name: string): Detail;
  /** Why something that was asked for lately could not be had; no words where all could. */
  readonly failure: string;
  /** Ask again for what could not be had: a kernel may be back. */
  retry(): void;
}

const KEPT = 24;

export function createDetailCache(
  parts: Parts,
  load: (name: string) => Promise<Uint8Array>,
): DetailCache {
  const known = new Map<string, Detail>();
  const version = signal(0);

  function keep(name: string, detail: Detail): void {
    known.delete(name);
    known.set(name, detail);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  }

  async function fetch(name: string): Promise<void> {
    try {
      keep(name, { state: "ready", bytes: await load(name) });
    } catch (reason) {
      const text = reason instanceof Error ? reason.message : String(reason);
      keep(name, { state: "absent", reason: text });
    }
    version.value = version.peek() + 1;
  }

  return {
    get(name) {
      version.value;
      const detail = known.get(name);
      if (detail) {
        if (detail.state === "ready") keep(name, detail);
        return detail;
      }
      if (!hasChunk(parts, name)) return { state: "absent", reason: "" };
      keep(name, { state: "loading" });
      void fetch(name);
      return { state: "loading" };
    },
    get failure() {
      version.value;
      for (const detail of known.values()) if (detail.state === "absent") return detail.reason;
      return "";
    },
    retry() {
      for (const [name, { state }] of known) if (state === "absent") known.delete(name);
      version.value = version.peek() + 1;
    },
  };
}
