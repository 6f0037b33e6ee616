/**
 * Texts in lower case, a block of them as one string: to search a few long strings takes a fraction of what many short ones take.
 *
 * Made of a block when it is first searched, and made again where its texts have come since.
 */

/** Stands between two texts, and in nothing that a person types. */
const BETWEEN = "\u0000";

interface Block {
  readonly text: string;
  /** Where each text begins in it. */
  readonly starts: Uint32Array;
}

export interface SearchIndex {
  /** Whether each text contains the words, which are in lower case. */
  search(wanted: string): Uint8Array;
  /** The texts of a block are others now. */
  renew(block: number): void;
}

export function createSearchIndex(texts: readonly string[], perBlock: number): SearchIndex {
  const blocks: (Block | undefined)[] = [];
  const found = new Uint8Array(texts.length);

  function blockAt(first: number): Block {
    const block = Math.floor(first / perBlock);
    blocks[block] ??= makeBlock(texts.slice(first, first + perBlock));
    return blocks[block];
  }

  return {
    search(wanted) {
      found.fill(0);
      for (let first = 0; first < texts.length; first += perBlock)
        markIn(found, first, blockAt(first), wanted);
      return found;
    },
    renew(block) {
      blocks[block] = undefined;
    },
  };
}

function makeBlock(texts: readonly string[]): Block {
  const lower = texts.map((text) => text.toLowerCase());
  let at = 0;
  const starts = Uint32Array.from(lower, ({ length }) => {
    const start = at;
    at += length + BETWEEN.length;
    return start;
  });
  return { text: lower.join(BETWEEN), starts };
}

function markIn(found: Uint8Array, first: number, { text, starts }: Block, wanted: string): void {
  let place = 0;
  for (let at = text.indexOf(wanted); at >= 0; ) {
    while (place + 1 < starts.length && (starts[place + 1] as number) <= at) place++;
    found[first + place] = 1;
    const next = starts[place + 1];
    at = next === undefined ? -1 : text.indexOf(wanted, next);
  }
}
