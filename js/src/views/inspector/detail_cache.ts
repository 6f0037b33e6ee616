/**
 * Pieces: chunks of details that are fetched when an example of theirs is looked at, and kept for a while.
 *
 * A view asks while drawing and gets the bytes, or word of how it stands; it draws again when they have come. Knows no layout
 * of bytes.
 */

import { hasChunk, type Parts } from "../../store/manifest";
import { signal } from "../../store/reactive";

export type Piece =
  | { readonly state: "ready"; readonly bytes: Uint8Array }
  | { readonly state: "loading" }
  | { readonly state: "absent"; readonly reason: string };

export interface Pieces {
  get(name: string): Piece;
  /** Why something that was asked for lately could not be had; no words where all could. */
  readonly failure: string;
  /** Ask again for what could not be had: a kernel may be back. */
  retry(): void;
}

const KEPT = 24;

export function createPieces(parts: Parts, load: (name: string) => Promise<Uint8Array>): Pieces {
  const known = new Map<string, Piece>();
  const version = signal(0);

  function keep(name: string, piece: Piece): void {
    known.delete(name);
    known.set(name, piece);
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
      const piece = known.get(name);
      if (piece) {
        if (piece.state === "ready") keep(name, piece);
        return piece;
      }
      if (!hasChunk(parts, name)) return { state: "absent", reason: "" };
      keep(name, { state: "loading" });
      void fetch(name);
      return { state: "loading" };
    },
    get failure() {
      version.value;
      for (const piece of known.values()) if (piece.state === "absent") return piece.reason;
      return "";
    },
    retry() {
      for (const [name, { state }] of known) if (state === "absent") known.delete(name);
      version.value = version.peek() + 1;
    },
  };
}
