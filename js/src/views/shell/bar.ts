/**
 * The bar over a view alone: the title, what is filtered in words, and the line that always says how much of the study is in sight.
 */
import { formatCount } from "../../store/columns";
import { describeFilters } from "../../store/filters/filter_words";
import type { Store } from "../../store/store";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { saveTable } from "./menus/export_menu";

export function createBar(context: ViewContext): View {
  const { store, signal } = context;
  const status = h("span", { class: "status" });
  const words = h("span", { class: "in-words" });
  const clearFilters = link("clear-filters", "clear filters", "Let all filters go");
  const clearSelection = link("clear-selection", "clear selection", "Let the selection go");
  const help = "Save a table of the selected examples as a CSV file";
  const download = link("download", "download table", help);
  on(clearFilters, "click", () => store.clearFilters(), signal);
  on(clearSelection, "click", () => store.select([], "replace"), signal);
  on(download, "click", () => saveTable(store), signal);
  const title = h("h2", { class: "title", title: store.manifest.title }, store.manifest.title);
  const line = h("div", { class: "line" }, status, words, clearFilters, clearSelection, download);
  paintOnChange(context, () => {
    setText(status, statusText(store));
    const phrases = describeFilters(store);
    setText(words, phrases.join(" · "));
    setAttribute(words, "title", phrases.join("\n"));
    clearFilters.hidden = phrases.length === 0;
    clearSelection.hidden = store.selection.count === 0;
    download.hidden = store.selection.count === 0;
  });
  return { element: h("div", { class: "bar" }, title, line) };
}

export function statusText(store: Store): string {
  const shown = formatCount(store.filters.shownCount);
  const selected = formatCount(store.selection.count);
  return `${shown} of ${formatCount(store.manifest.count)} shown · ${selected} selected`;
}

function link(control: string, text: string, title: string): HTMLButtonElement {
  const attributes = { class: "link", title, control };
  return h("button", attributes, text);
}
