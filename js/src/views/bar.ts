/**
 * The bar on top: the title, and the line that always says how much of the study is in sight.
 */
import type { Store } from "../store/store";
import { formatCount, h, setAttribute, setText } from "./dom";
import { anyOf, type Stage, type View } from "./stage";

export function createBar({ store, signal }: Stage): View {
  const status = h("span", { class: "status", role: "status", "aria-live": "polite" });
  const clearFilters = clearButton("clear filters", "clear-filters");
  const clearSelection = clearButton("clear selection", "clear-selection");
  clearFilters.addEventListener("click", () => store.clearFilters(), { signal });
  clearSelection.addEventListener("click", () => store.select([], "replace"), { signal });
  const title = h("h2", { class: "title", title: store.manifest.title }, store.manifest.title);
  const line = h("div", { class: "line" }, status, clearFilters, clearSelection);
  return {
    element: h("div", { class: "bar" }, title, line),
    update(changed) {
      if (!anyOf(changed, "filters", "selection")) return;
      setText(status, statusText(store));
      const filtered = Object.keys(store.filters.toJSON()).length > 0;
      setAttribute(clearFilters, "aria-disabled", String(!filtered));
      setAttribute(clearSelection, "aria-disabled", String(store.selection.count === 0));
    },
  };
}

function statusText(store: Store): string {
  const shown = formatCount(store.filters.shownCount);
  const selected = formatCount(store.selection.count);
  return `${shown} of ${formatCount(store.manifest.count)} shown · ${selected} selected`;
}

function clearButton(text: string, control: string): HTMLButtonElement {
  return h("button", { type: "button", class: "link", "data-depthviz-control": control }, text);
}
