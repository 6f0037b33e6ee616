/**
 * Filters: which examples pass, and how many would pass if one filter were lifted.
 *
 * Every active filter owns one bit of a word per example, set where the example fails it. An example is
 * shown when its word is zero; a view counts under all *other* filters by ignoring its own bit. So a
 * filter never filters its own view, and a change costs one pass over the examples.
 */

export interface Filterable {
  readonly codes: Uint8Array | Uint16Array;
  /** Codes are 0..size-1; anything else is missing. */
  readonly size: number;
}

export interface Filters {
  readonly shownCount: number;
  isShown(index: number): boolean;
  /** The codes kept of a column, ascending; empty where the column does not filter. */
  kept(name: string): readonly number[];
  keep(name: string, codes: Iterable<number>): void;
  clear(): void;
  /** Examples of each code that pass all filters but the column's own. */
  counts(name: string): Uint32Array;
  /** The same for codes that need be no column: pass all filters but those of `ignored`. */
  tally(column: Filterable, ignored: string): Uint32Array;
  toJSON(): Record<string, number[]>;
}

interface Active {
  readonly bit: number;
  readonly codes: readonly number[];
}

const MOST = 32;

/** Filter `count` examples by any of the given columns. */
export function createFilters(count: number, columns: ReadonlyMap<string, Filterable>): Filters {
  const failed = new Uint32Array(count);
  const active = new Map<string, Active>();
  let shownCount = count;

  function columnOf(name: string): Filterable {
    const column = columns.get(name);
    if (!column) {
      const known = [...columns.keys()].map((key) => `'${key}'`).join(", ");
      throw new Error(`Cannot filter by '${name}'. This study has: ${known}`);
    }
    return column;
  }

  function recount(): void {
    shownCount = 0;
    for (const word of failed) if (word === 0) shownCount++;
  }

  function lift(name: string): void {
    const filter = active.get(name);
    if (!filter) return;
    clearBit(failed, filter.bit);
    active.delete(name);
  }

  function tally({ codes, size }: Filterable, ignored: string): Uint32Array {
    const others = ~(active.get(ignored)?.bit ?? 0);
    const counts = new Uint32Array(size);
    for (let i = 0; i < count; i++) {
      const code = codes[i] ?? size;
      if (code < size && ((failed[i] ?? 0) & others) === 0) counts[code] = (counts[code] ?? 0) + 1;
    }
    return counts;
  }

  return {
    get shownCount() {
      return shownCount;
    },
    isShown: (index) => failed[index] === 0,
    kept: (name) => active.get(name)?.codes ?? [],
    keep(name, codes) {
      const { codes: values, size } = columnOf(name);
      const wanted = validCodes(codes, size);
      lift(name);
      if (wanted.length > 0) {
        const bit = freeBit(active);
        active.set(name, { bit, codes: wanted });
        markFailed(failed, bit, values, wanted);
      }
      recount();
    },
    clear() {
      active.clear();
      failed.fill(0);
      shownCount = count;
    },
    counts: (name) => tally(columnOf(name), name),
    tally,
    toJSON: () => Object.fromEntries([...active].map(([name, { codes }]) => [name, [...codes]])),
  };
}

function validCodes(codes: Iterable<number>, size: number): number[] {
  const valid = [...new Set(codes)].filter((c) => Number.isInteger(c) && c >= 0 && c < size);
  return valid.sort((a, b) => a - b);
}

function freeBit(active: ReadonlyMap<string, Active>): number {
  const used = [...active.values()].reduce((bits, filter) => bits | filter.bit, 0);
  for (let i = 0; i < MOST; i++) if ((used & (1 << i)) === 0) return 1 << i;
  throw new Error(`At most ${MOST} columns can filter at once.`);
}

function markFailed(
  failed: Uint32Array,
  bit: number,
  codes: Uint8Array | Uint16Array,
  kept: readonly number[],
): void {
  const passes = new Uint8Array(65536);
  for (const code of kept) passes[code] = 1;
  for (let i = 0; i < failed.length; i++) {
    if (!passes[codes[i] ?? 0]) failed[i] = (failed[i] ?? 0) | bit;
  }
}

function clearBit(failed: Uint32Array, bit: number): void {
  for (let i = 0; i < failed.length; i++) failed[i] = (failed[i] ?? 0) & ~bit;
}
