/**
 * The row under the stage that says how many examples are selected and what can be done with them.
 */
import { formatCount, h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

/** `download` saves the selected examples. */
export function createSelectionBar(context: ViewContext, download: () => void): View {
  const { store, signal } = context;
  const count = h("strong", { class: "selected-count" });
  const clear = button("clear-selection", "Clear", "Esc", "Let the selection go (Escape)");
  const only = button("selected-only", "Show only", "o", "List the selected examples alone (o)");
  const save = button(
    "download",
    "Download ids",
    "",
    "Save the ids of the selected examples as a CSV file",
  );
  on(clear, "click", () => store.select([], "replace"), { signal });
  on(only, "click", () => store.setSelectedOnly(!store.selectedOnly), { signal });
  on(save, "click", download, { signal });
  const element = h(
    "div",
    { class: "selection-bar", role: "group", "aria-label": "Selection" },
    ...[count, clear, only, h("span", { class: "apart" }), save],
  );
  paintOnChange(context, () => {
    element.hidden = store.selection.count === 0;
    setText(count, `${formatCount(store.selection.count)} selected`);
    setAttribute(only, "aria-pressed", String(store.selectedOnly));
  });
  return { element };
}

function button(control: string, text: string, key: string, title: string): HTMLButtonElement {
  const sign = key === "" ? [] : [h("kbd", { "aria-hidden": "true" }, key)];
  const attributes = { type: "button", title, "data-depthviz-control": control };
  return h("button", attributes, text, ...sign);
}
