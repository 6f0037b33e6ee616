/**
 * Keys of the inspector: previous and next of the list, and comparing.
 */
import { closest } from "../parts/dom";
import { on } from "../parts/interaction";
import type { ViewContext } from "../parts/view";
import type { Compare } from "./compare/compare";
import { stepInListing } from "./inspector_head";

export function listenToInspector(
  element: HTMLElement,
  { store, signal }: ViewContext,
  compare: Compare,
): void {
  const act = (event: KeyboardEvent): boolean => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    if (closest(event, "input, select, textarea, [role=tablist]")) return false;
    if (compare.open.value && key === "s") compare.swap();
    else if (compare.open.value && key === "Escape") compare.close();
    else if (key === "ArrowLeft") stepInListing(store, -1);
    else if (key === "ArrowRight") stepInListing(store, 1);
    else return false;
    return true;
  };
  on(
    element,
    "keydown",
    (event) => !event.defaultPrevented && act(event) && event.preventDefault(),
    {
      signal,
    },
  );
}
