/**
 * The row under the stage that says how many examples are selected and what can be done with them.
 */
import { formatCount } from "../../store/columns";
import { codeOf } from "../../store/keeping/table";
import { indicesOf } from "../../store/selection";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { copied } from "../parts/leaving/clipboard";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

const SAID_MS = 2000;

/** `download` saves the selected examples. */
export function createSelectionBar(context: ViewContext, download: () => void): View {
  const { store, signal } = context;
  const count = h("strong", { class: "selected-count" });
  const said = h("span", { "aria-live": "polite" });

  function compareTwo(): void {
    const [first = null, second = null] = indicesOf(store.selection.flags);
    store.setFocus(first);
    store.openPanel();
    store.compareWith(second);
  }

  async function copyCode(): Promise<void> {
    setText(said, await copied(codeOf(store, indicesOf(store.selection.flags))));
    setTimeout(() => setText(said, ""), SAID_MS);
  }

  const clear = button("clear-selection", "Clear", "Esc", "Let the selection go (Escape)");
  const only = button("selected-only", "Show only", "o", "List the selected examples alone (o)");
  const save = button(
    "download",
    "Download table",
    "",
    "Save a table of the selected examples as a CSV file",
  );
  const compare = button("compare-two", "Compare", "", "Put the two beside each other");
  const copy = button("copy-selected", "Copy for Python", "", "Copy the code that selects them");
  on(clear, "click", () => store.select([], "replace"), signal);
  on(only, "click", () => store.setSelectedOnly(!store.selectedOnly), signal);
  on(compare, "click", compareTwo, signal);
  on(copy, "click", copyCode, signal);
  on(save, "click", download, signal);
  const element = h(
    "div",
    { class: "selection-bar", role: "group", "aria-label": "Selection" },
    ...[count, clear, only, compare, h("span", { class: "apart" }), said, copy, save],
  );
  paintOnChange(context, () => {
    element.hidden = store.selection.count === 0;
    setText(said, "");
    setText(count, `${formatCount(store.selection.count)} selected`);
    compare.hidden = store.selection.count !== 2;
    setAttribute(only, "aria-pressed", String(store.selectedOnly));
  });
  return { element };
}

function button(control: string, text: string, key: string, title: string): HTMLButtonElement {
  const sign = key === "" ? [] : [h("kbd", { "aria-hidden": "true" }, key)];
  const attributes = { title, control };
  return h("button", attributes, text, ...sign);
}
