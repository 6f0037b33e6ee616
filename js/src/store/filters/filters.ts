/**
 * Filters: which examples pass, and how many would pass if one filter were lifted.
 *
 * Every active filter owns one bit of a word per example, set where the example fails it. An example is
 * shown when its word is zero; a view counts under all *other* filters by ignoring its own bit. So a
 * filter never filters its own view, and a change costs one pass over the examples. Counts are kept until
 * a filter that they heed changes.
 */
import {
  type Codes,
  type Filter,
  type Filterable,
  isCodes,
  isRange,
  mark,
  type RangeFilter,
  readFilter,
} from "./conditions";

export type { Filter, Filterable, RangeFilter, TextFilter } from "./conditions";

/** Codes that can be counted. */
export interface Coded {
  readonly codes: Codes;
  /** Codes are 0..size-1; anything else is counted nowhere. */
  readonly size: number;
}

export interface Filters {
  readonly shownCount: number;
  /** Names of the columns that filter, first set first. */
  readonly names: readonly string[];
  isShown(index: number): boolean;
  get(name: string): Filter | undefined;
  /** The codes kept of a column, ascending; empty where it does not filter by codes. */
  kept(name: string): readonly number[];
  /** The range kept of a column, where it filters by one. */
  range(name: string): RangeFilter | undefined;
  /** Filter by what the column can follow of `filter`; where nothing is left, let all pass. */
  set(name: string, filter: unknown): void;
  keep(name: string, codes: Iterable<number>): void;
  /** Whether there is room for filters of these columns in addition to those that are set. */
  fits(wanted: Readonly<Record<string, unknown>>): boolean;
  /** The values of a column are others now. */
  refresh(name: string): void;
  clear(): void;
  /** Examples of each code that pass all filters but the column's own. */
  counts(name: string): Uint32Array;
  /** The same for codes that need be no column: pass all filters but those of `ignored`. */
  tally(column: Coded, ...ignored: readonly string[]): Uint32Array;
  toJSON(): Record<string, Filter>;
}

interface Active {
  readonly bit: number;
  readonly filter: Filter;
}

interface Counted {
  readonly counts: Uint32Array;
  readonly ignored: readonly string[];
  /** The number of the last change that was counted. */
  readonly at: number;
}

const MOST = 32;

export const TOO_MANY = `At most ${MOST} columns can filter at once.`;

/** Filter `count` examples by any of the given columns. */
export function createFilters(count: number, columns: ReadonlyMap<string, Filterable>): Filters {
  const failed = new Uint32Array(count);
  const active = new Map<string, Active>();
  const tallies = createTallies(failed, active);
  let shownCount = count;

  const columnOf = (name: string) => findColumn(columns, name);

  function set(name: string, raw: unknown): void {
    const column = columnOf(name);
    const filter = readFilter(raw, column);
    const before = active.get(name);
    if (!filter && !before) return;
    const bit = before?.bit ?? freeBit(active);
    if (filter) {
      active.set(name, { bit, filter });
      shownCount = mark(failed, bit, filter, column);
    } else {
      active.delete(name);
      shownCount = clearBit(failed, bit);
    }
    tallies.noteChange([name]);
  }

  function fits(wanted: Readonly<Record<string, unknown>>): boolean {
    const isNew = ([name, raw]: [string, unknown]) =>
      !active.has(name) && readFilter(raw, columnOf(name)) !== null;
    return active.size + Object.entries(wanted).filter(isNew).length <= MOST;
  }

  return {
    get shownCount() {
      return shownCount;
    },
    get names() {
      return [...active.keys()];
    },
    isShown: (index) => failed[index] === 0,
    get: (name) => active.get(name)?.filter,
    kept(name) {
      const filter = active.get(name)?.filter;
      return isCodes(filter) ? filter : [];
    },
    range(name) {
      const filter = active.get(name)?.filter;
      return isRange(filter) ? filter : undefined;
    },
    set,
    keep: (name, codes) => set(name, [...codes]),
    fits,
    refresh(name) {
      tallies.forget();
      const filter = active.get(name);
      if (filter) shownCount = mark(failed, filter.bit, filter.filter, columnOf(name));
    },
    clear() {
      tallies.noteChange(active.keys());
      active.clear();
      failed.fill(0);
      shownCount = count;
    },
    counts(name) {
      const column = columnOf(name);
      if (!isCoded(column)) throw new Error(`'${name}' has no codes to count; bin its values.`);
      return tallies.count(column, name);
    },
    tally: tallies.count,
    toJSON: () =>
      Object.fromEntries([...active].map(([name, { filter }]) => [name, structuredClone(filter)])),
  };
}

function findColumn(columns: ReadonlyMap<string, Filterable>, name: string): Filterable {
  const column = columns.get(name);
  if (column) return column;
  const known = [...columns.keys()].map((key) => `'${key}'`).join(", ");
  throw new Error(`Cannot filter by '${name}'. This study has: ${known}`);
}

/** The counts of columns, kept until a filter changes that they do not ignore. */
function createTallies(failed: Uint32Array, active: ReadonlyMap<string, Active>) {
  const changedAt = new Map<string, number>();
  let counted = new WeakMap<Coded, Counted>();
  let changes = 0;

  function isFresh({ ignored, at }: Counted, wanted: readonly string[]): boolean {
    if (ignored.join("\n") !== wanted.join("\n")) return false;
    return [...changedAt].every(([name, when]) => when <= at || wanted.includes(name));
  }

  return {
    count(column: Coded, ...ignored: readonly string[]): Uint32Array {
      const known = counted.get(column);
      if (known && isFresh(known, ignored)) return known.counts;
      const bits = ignored.reduce((mask, name) => mask | (active.get(name)?.bit ?? 0), 0);
      const counts = countCodes(column, failed, ~bits);
      counted.set(column, { counts, ignored, at: changes });
      return counts;
    },
    noteChange(names: Iterable<string>) {
      changes++;
      for (const name of names) changedAt.set(name, changes);
    },
    /** Count anew: the codes of a column are others now. */
    forget() {
      counted = new WeakMap();
    },
  };
}

function isCoded(column: Filterable): column is Coded {
  return column.codes !== undefined && column.size !== undefined;
}

function freeBit(active: ReadonlyMap<string, Active>): number {
  const used = [...active.values()].reduce((bits, filter) => bits | filter.bit, 0);
  for (let i = 0; i < MOST; i++) if ((used & (1 << i)) === 0) return 1 << i;
  throw new Error(TOO_MANY);
}

/** Every possible code has a place, so that the loop asks nothing of a code. */
function countCodes({ codes, size }: Coded, failed: Uint32Array, heeded: number): Uint32Array {
  const counts = new Uint32Array(codes.BYTES_PER_ELEMENT === 1 ? 256 : 65536);
  if (codes instanceof Uint8Array) countBytes(codes, failed, heeded, counts);
  else countWords(codes, failed, heeded, counts);
  return counts.slice(0, size);
}

/** Twice the same, since the engine makes a faster loop for one type of array than for two. */
function countBytes(codes: Uint8Array, failed: Uint32Array, heeded: number, counts: Uint32Array) {
  for (let i = 0; i < codes.length; i++) {
    if (((failed[i] as number) & heeded) !== 0) continue;
    const code = codes[i] as number;
    counts[code] = (counts[code] as number) + 1;
  }
}

function countWords(codes: Uint16Array, failed: Uint32Array, heeded: number, counts: Uint32Array) {
  for (let i = 0; i < codes.length; i++) {
    if (((failed[i] as number) & heeded) !== 0) continue;
    const code = codes[i] as number;
    counts[code] = (counts[code] as number) + 1;
  }
}

function clearBit(failed: Uint32Array, bit: number): number {
  let zeros = 0;
  for (let i = 0; i < failed.length; i++) {
    const word = (failed[i] as number) & ~bit;
    failed[i] = word;
    if (word === 0) zeros++;
  }
  return zeros;
}
