/**
 * The head of the inspector: which example is in focus, the way back to the ones before, and what can be done with it.
 */
import type { Store } from "../../store/store";
import { describe } from "../parts/description";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export interface InspectorHead extends View {
  /** Show the id of an example; an empty one for none. */
  showId(id: string): void;
}

export function createInspectorHead(context: ViewContext): InspectorHead {
  const { store, signal } = context;
  const id = h("span", { class: "specimen-id" });
  const hidden = h("span", { class: "note" }, "hidden by the filters");
  const history = createHistoryButtons(context);
  const select = createSelectButton(context);
  const copy = createCopyButton(store, id, signal);
  paintOnChange(context, () => {
    hidden.hidden = store.focus === null || store.filters.isShown(store.focus);
    copy.hidden = store.focus === null;
  });
  const parts = [history.element, hidden, id, select.element, copy];
  return {
    element: h("div", { class: "head" }, h("h3", {}, "Example"), ...parts),
    showId(text) {
      setText(id, text);
      setAttribute(id, "title", text);
    },
  };
}

/** Back and forward among the examples that were looked at. */
function createHistoryButtons(context: ViewContext): View {
  const { store, signal } = context;
  const button = (control: string, text: string, name: string, by: -1 | 1) => {
    const attributes = { type: "button", class: "icon", "aria-label": name, title: name };
    const element = h("button", { ...attributes, "data-depthviz-control": control }, text);
    on(element, "click", () => store.revisit(by), { signal });
    return element;
  };
  const back = button("back", "‹", "Back to the example before", -1);
  const forward = button("forward", "›", "Forward to the example after", 1);
  paintOnChange(context, () => {
    store.focus;
    setAttribute(back, "aria-disabled", String(!store.visits.canGoBack));
    setAttribute(forward, "aria-disabled", String(!store.visits.canGoForward));
  });
  return { element: h("span", { class: "way" }, back, forward) };
}

/** Select the example in focus, or let it go: a neighbor may be listed nowhere else. */
function createSelectButton(context: ViewContext): View {
  const { store, signal } = context;
  const attributes = { type: "button", class: "link", title: "Select this example (s)" };
  const button = h("button", { ...attributes, "data-depthviz-control": "select-focus" }, "select");
  const act = () => store.focus !== null && store.select([store.focus], "toggle");
  on(button, "click", act, { signal });
  paintOnChange(context, () => {
    const selected = store.focus !== null && store.selection.has(store.focus);
    button.hidden = store.focus === null;
    setAttribute(button, "aria-pressed", String(selected));
    setText(button, selected ? "✓ selected" : "select");
  });
  return { element: button };
}

/** Where a page may not write to the clipboard, the id is marked, so that a hand can copy it. */
function createCopyButton(store: Store, id: HTMLElement, signal: AbortSignal): HTMLButtonElement {
  const attributes = { type: "button", class: "link", "data-depthviz-control": "copy-id" };
  const button = h(
    "button",
    { ...attributes, title: "Copy the id", "aria-live": "polite" },
    "copy",
  );
  const show = (text: string) => {
    setText(button, text);
    setTimeout(() => setText(button, "copy"), 1500);
  };
  const mark = () => {
    getSelection()?.selectAllChildren(id);
    show("marked, copy it");
  };
  on(
    button,
    "click",
    () => {
      if (store.focus === null) return;
      const done = navigator.clipboard?.writeText(describe(store, store.focus).id);
      if (done) done.then(() => show("copied"), mark);
      else mark();
    },
    { signal },
  );
  return button;
}
