/**
 * What a film strip shows: an example, its neighbors, and the evidence by which they are marked.
 */

import { blockName, neighborsOf } from "../../../store/details/details";
import { type Evidence, evidenceOf, type Neighbors } from "../../../store/details/evidence";
import { type Side, sidesOf } from "../../../store/details/sides";
import type { SideName } from "../../../store/manifest";
import type { Store } from "../../../store/store";
import type { DetailCache } from "../detail_cache";

export interface Shown {
  readonly index: number;
  readonly evidence: Evidence;
  readonly neighbors: Neighbors;
  /** At each probe the neighbors that another example has as well. */
  readonly shared?: readonly ReadonlySet<number>[];
  /** Marked by the classes of two examples: for whom a neighbor votes is not said. */
  readonly paired?: boolean;
}

export interface Found {
  readonly neighbors: Neighbors;
  /** Why there are no neighbors, in words. */
  readonly missing: string;
}

/** The neighbors of an example; or why there are none. */
export function findNeighbors(store: Store, details: DetailCache, index: number): Found {
  const info = store.manifest.details.neighbors;
  if (!info) return { neighbors: [], missing: "" };
  const block = details.get(blockName("neighbors", index, info.per_block));
  if (block.state === "loading") return { neighbors: [], missing: "Loading the neighbors …" };
  if (block.state === "ready") {
    const neighbors = neighborsOf(store.manifest, block.bytes, index);
    if (neighbors.some((row) => row.length > 0)) return { neighbors, missing: "" };
  }
  const failed = block.state === "absent" && block.reason !== "";
  const missing = "This page does not carry the neighbors of this example.";
  return { neighbors: [], missing: failed ? "The neighbors were not loaded." : missing };
}

/** What the sides say of an example, as far as it is there. */
export function findSides(store: Store, details: DetailCache, index: number): Side[] {
  const info = store.manifest.details.sides;
  if (!info) return [];
  const block = details.get(blockName("sides", index, info.per_block));
  return block.state === "ready" ? sidesOf(store.manifest, block.bytes, index) : [];
}

/** All of it for one side. */
export function findShown(
  store: Store,
  details: DetailCache,
  index: number,
  side: SideName,
): Shown & { readonly sides: readonly Side[]; readonly missing: string } {
  const { neighbors, missing } = findNeighbors(store, details, index);
  const sides = findSides(store, details, index);
  const evidence = evidenceOf(store, index, side, { sides, neighbors });
  return { index, evidence, neighbors, sides, missing };
}
