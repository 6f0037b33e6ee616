/**
 * The bar on top: the title, what is filtered in words, and the line that always says how much of the study is in sight.
 */
import { describeFilters } from "../../store/filters/filter_words";
import { indicesOf } from "../../store/selection";
import type { Store } from "../../store/store";
import { formatCount, h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { csvOf, offerFile } from "./download";

export function createBar(context: ViewContext): View {
  const { store, signal } = context;
  const status = h("span", { class: "status" });
  const clearFilters = clearButton("filters", "clear-filters");
  const clearSelection = clearButton("selection", "clear-selection");
  on(clearFilters, "click", () => store.clearFilters(), { signal });
  on(clearSelection, "click", () => store.select([], "replace"), { signal });
  const download = h(
    "button",
    {
      type: "button",
      class: "link",
      "data-depthviz-control": "download",
      title: "Save the ids of the selected examples as a CSV file",
    },
    "download ids",
  );
  on(download, "click", () => saveIds(store), { signal });
  const title = h("h2", { class: "title", title: store.manifest.title }, store.manifest.title);
  const words = h("span", { class: "in-words" });
  const clear = h(
    "span",
    { class: "clear" },
    h("span", { class: "dot" }, " · "),
    "clear ",
    clearFilters,
    " ",
    clearSelection,
    h("span", { class: "saving" }, " · ", download),
  );
  const line = h("div", { class: "line" }, status, clear);
  paintOnChange(context, () => {
    setText(status, statusText(store));
    const phrases = describeFilters(store);
    setText(words, phrases.join(" · "));
    setAttribute(words, "title", phrases.join("\n"));
    setAttribute(clearFilters, "aria-disabled", String(phrases.length === 0));
    setAttribute(clearSelection, "aria-disabled", String(store.selection.count === 0));
    setAttribute(download, "aria-disabled", String(store.selection.count === 0));
  });
  return { element: h("div", { class: "bar" }, title, words, line) };
}

/** Offer the ids of the selected examples as a file. */
export function saveIds(store: Store): void {
  const chosen = indicesOf(store.selection.flags);
  if (chosen.length > 0) offerFile("selected_examples.csv", "text/csv", csvOf(store, chosen));
}

function statusText(store: Store): string {
  const shown = formatCount(store.filters.shownCount);
  const selected = formatCount(store.selection.count);
  return `${shown} of ${formatCount(store.manifest.count)} shown · ${selected} selected`;
}

function clearButton(text: string, control: string): HTMLButtonElement {
  const label = { "aria-label": `Clear ${text}`, title: `Clear ${text}` };
  const button = { type: "button", class: "link", "data-depthviz-control": control, ...label };
  return h("button", button, text);
}
