/**
 * The queue: which examples are reviewed, and in which order.
 *
 * A random order is the same each time that one person asks for it, so a queue goes on where it was left; the examples that were
 * reviewed come first. Numbers in, numbers out: knows no desk and no elements.
 */

export interface Queue {
  /** Examples in the order in which they are reviewed. */
  readonly order: Uint32Array;
  /** The place of each example in that order. */
  readonly places: ReadonlyMap<number, number>;
}

export const EMPTY_QUEUE: Queue = { order: new Uint32Array(0), places: new Map() };

/** Put those that are done before all others; both keep their order. */
export function makeQueue(order: Uint32Array, isDone: (index: number) => boolean): Queue {
  const done = order.filter((index) => isDone(index));
  const open = order.filter((index) => !isDone(index));
  const all = new Uint32Array(order.length);
  all.set(done);
  all.set(open, done.length);
  return { order: all, places: new Map(Array.from(all, (index, place) => [index, place])) };
}

/** The same examples in a random order, which `seed` decides alone. */
export function shuffled(indices: Uint32Array, seed: string): Uint32Array {
  const mixed = indices.slice().sort();
  const draw = createRandom(seed);
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    const held = mixed[last] as number;
    mixed[last] = mixed[other] as number;
    mixed[other] = held;
  }
  return mixed;
}

/** The first example after a place that is not done, else the first of all; null where all are. */
export function nextOpen(
  { order }: Queue,
  place: number,
  isDone: (index: number) => boolean,
): number | null {
  for (let step = 1; step <= order.length; step++) {
    const index = order[(place + step) % order.length] as number;
    if (!isDone(index)) return index;
  }
  return null;
}

/** "4.1 s each, about 26 min left"; no words before there is anything to go by. */
export function timeInWords(each: number, left: number): string {
  if (each <= 0) return "";
  const pace = `${each.toFixed(1)} s each`;
  if (left === 0) return pace;
  const minutes = (each * left) / 60;
  if (minutes < 1) return `${pace}, less than a minute left`;
  const span = minutes < 100 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
  return `${pace}, about ${span} left`;
}

/** Numbers in 0..1 that follow from a text (mulberry32 on its FNV-1a hash). */
function createRandom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const letter of seed) {
    state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
