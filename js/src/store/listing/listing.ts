/**
 * The listing: the examples that the grid shows, in order. This is where the order of the grid is made.
 */
import type { Column } from "../columns";
import type { Filters } from "../filters/filters";
import type { Selection } from "../selection";
import { sortOrder } from "./order";

/** All examples in the order of a column, shape (N,); without a column in that of the data set. */
export function orderBy(column: Column | undefined, reversed: boolean, count: number): Uint32Array {
  if (column) return sortOrder(column, reversed);
  return Uint32Array.from({ length: count }, (_, index) => index);
}

/** Those of an order that pass the filters and, where a selection is given, are selected. */
export function listShown(
  order: Uint32Array,
  filters: Filters,
  selection: Selection | null,
): Uint32Array {
  const listed = new Uint32Array(filters.shownCount);
  let count = 0;
  for (let place = 0; place < order.length; place++) {
    const index = order[place] as number;
    if (filters.isShown(index) && (selection?.has(index) ?? true)) listed[count++] = index;
  }
  return count < listed.length ? listed.slice(0, count) : listed;
}
