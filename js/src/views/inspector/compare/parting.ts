/**
 * Where two examples part: up to which probe their neighbors vote alike, and how many neighbors they share.
 *
 * Words and numbers only.
 */
import type { Neighbors } from "../../../store/details/evidence";
import { probeNames } from "../../../store/lookups";
import type { Store } from "../../../store/store";

/** The neighbors that both have, at each probe. */
export function sharedNeighbors(a: Neighbors, b: Neighbors): ReadonlySet<number>[] {
  return a.map((row, probe) => {
    const others = new Set(b[probe] ?? []);
    return new Set(row.filter((neighbor) => others.has(neighbor)));
  });
}

export interface Pair {
  readonly names: readonly [string, string];
  readonly indices: readonly [number, number];
  /** How many neighbors they share at each probe, of how many. */
  readonly shared: readonly number[];
  readonly of: number;
}

/** The sentence of two examples; none where no votes are known. Of many networks it is about the one that is shown. */
export function partingSentence(store: Store, pair: Pair): string {
  const { member } = store.manifest;
  const words = wordsOf(store, pair);
  return member === null || words === "" ? words : `In network ${member}: ${words}`;
}

function wordsOf(store: Store, { names, indices, shared, of }: Pair): string {
  const { count, classes } = store.manifest;
  const probes = probeNames(store);
  const { votes } = store.parts;
  if (!votes || probes.length === 0) return "";
  const vote = (place: 0 | 1, probe: number) => votes[probe * count + indices[place]] ?? 65535;
  const nameAt = (place: 0 | 1, probe: number) => classes[vote(place, probe)] ?? "no class";
  const alike = probes.map((_, probe) => vote(0, probe) === vote(1, probe));
  const last = probes.length - 1;
  const turn = alike.lastIndexOf(!alike[last]) + 1;
  const share = (probe: number) => `share ${shared[probe] ?? 0} of ${of} neighbors`;
  if (alike[last]) {
    const most = shared.indexOf(Math.max(...shared));
    const both = `both go to ${nameAt(0, last)}`;
    if (turn === 0) return `Alike at every probe: ${both}. At ${probes[most]} they ${share(most)}.`;
    return `Apart up to ${probes[turn - 1]}, where they ${share(turn - 1)}. From ${probes[turn]} on ${both}.`;
  }
  const ends = `${names[0]} goes to ${nameAt(0, last)}, ${names[1]} to ${nameAt(1, last)}`;
  if (turn === 0) return `Apart at every probe: ${ends}. At the last they ${share(last)}.`;
  return `Alike up to ${probes[turn - 1]}, where they ${share(turn - 1)}. From ${probes[turn]} on ${ends}.`;
}
