/**
 * Revisions: columns whose values become others while the study is shown, as decisions about examples do.
 *
 * Only where studies are annotated; the shared code asks for it behind `ANNOTATING`.
 */
import { batch, type Signal, signal } from "./reactive";

const KEY = Symbol.for("depthviz/1/revisions");

/** Views of one store may come from modules of their own, so what tells them of a revision is shared. */
const shared = globalThis as unknown as Record<symbol, WeakMap<object, Signal<object>>>;

/** Another object whenever values of a store's columns are others now: whoever shows some reads it. */
export function revision(store: object): object {
  return signalOf(store).value;
}

/** What of a store goes by the values of its columns. */
export interface Revisable {
  readonly columns: ReadonlyMap<string, unknown>;
  readonly filters: { refresh(name: string): void };
  setFilters(filters: Readonly<Record<string, never>>): void;
}

/** The values of these columns are others now. */
export function revise(store: Revisable, names: readonly string[]): void {
  for (const name of names) if (store.columns.has(name)) store.filters.refresh(name);
  batch(() => {
    signalOf(store).value = {};
    store.setFilters({});
  });
}

function signalOf(store: object): Signal<object> {
  shared[KEY] ??= new WeakMap();
  const found = shared[KEY].get(store) ?? signal({});
  shared[KEY].set(store, found);
  return found;
}
