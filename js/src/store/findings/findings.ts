/**
 * The findings of a study: at most four, counted over all examples, each with six to look at.
 *
 * What holds for no example, or for all of them, is none. A card shows no example that an earlier one shows.
 */
import type { Column } from "../columns";
import { createFilters, type Filters } from "../filters/filters";
import { sortOrder } from "../listing/order";
import type { Store } from "../store";
import { CANDIDATES } from "./candidates";
import type { Draft, Finding } from "./finding";

export type { Finding } from "./finding";

export const MOST_FINDINGS = 4;

export function findFindings(store: Store): Finding[] {
  const found: Finding[] = [];
  for (const candidate of CANDIDATES) {
    const draft = candidate(store);
    const finding = draft && complete(store, draft);
    if (finding) found.push(finding);
    if (found.length === MOST_FINDINGS) break;
  }
  return found;
}

/** Some examples of each, first by its own order; `pictured` says of which there is anything to see. */
export function exampleLists(
  store: Store,
  findings: readonly Finding[],
  count: number,
  pictured: (index: number) => boolean,
): number[][] {
  const shown = new Set<number>();
  return findings.map((finding) => {
    const filters = passing(store, finding);
    const list: number[] = [];
    for (const index of orderOf(store, finding.sort)) {
      if (list.length === count) break;
      if (!filters.isShown(index) || shown.has(index) || !pictured(index)) continue;
      list.push(index);
      shown.add(index);
    }
    return list;
  });
}

/** Whether a store filters by a finding now. */
export function isChosen(store: Store, { filters }: Finding): boolean {
  return Object.entries(filters).every(
    ([name, filter]) => JSON.stringify(store.filters.get(name)) === JSON.stringify(filter),
  );
}

function complete(store: Store, draft: Draft): Finding | null {
  const { sorts, colors, ...rest } = draft;
  const count = passing(store, draft).shownCount;
  if (count === 0 || count === store.manifest.count) return null;
  const has = (name: string) => store.columns.has(name);
  return {
    weak: "",
    group: null,
    probe: null,
    ...rest,
    count,
    sort: sorts.find(has) ?? store.sort,
    color: colors.find(has) ?? store.color,
  };
}

/** The filters of a finding alone, whatever else is filtered. */
function passing(store: Store, { filters }: Pick<Finding, "filters">): Filters {
  const alone = createFilters(store.manifest.count, store.filterables);
  for (const [name, filter] of Object.entries(filters)) alone.set(name, filter);
  return alone;
}

const orders = new WeakMap<Column, Uint32Array>();

/** Sorted once: only the groups change, and nothing is sorted by them here. */
function orderOf(store: Store, name: string): Uint32Array {
  const column = store.columns.get(name);
  if (!column) return new Uint32Array(0);
  const order = orders.get(column) ?? sortOrder(column);
  orders.set(column, order);
  return order;
}
