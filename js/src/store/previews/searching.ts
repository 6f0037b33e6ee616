/**
 * A search in texts of which some have not come: all of them are fetched, and it is made again as they come.
 */
import { effect } from "../reactive";
import { revise } from "../revisions";
import type { Store } from "../store";
import { lateColumn } from "./late_texts";

/** So often at most, since each time all texts are searched and all views drawn. */
const EVERY_MS = 250;

/** Follow the searches of a store; returns the way to stop. */
export function followSearch(store: Store): () => void {
  const column = lateColumn(store.columns);
  if (!column || !store.filterables.has(column.info.name)) return () => {};
  const { late, info } = column;
  let searched = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function search(): void {
    timer = undefined;
    searched = late.arrived;
    revise(store, [info.name]);
  }

  const stop = effect(() => {
    store.filterChange;
    if (!store.filters.get(info.name)) return;
    late.fetchAll();
    late.version;
    if (late.arrived !== searched) timer ??= setTimeout(search, EVERY_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    late.dispose();
  };
}
