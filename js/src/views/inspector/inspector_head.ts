/**
 * The head of the inspector: which example is in focus, the way back to the ones before, and what can be done with it.
 */
import { formatCount } from "../../store/columns";
import type { Store } from "../../store/store";
import { h, setAttribute, setText } from "../parts/dom";
import { describe } from "../parts/examples/description";
import { createGroupMark } from "../parts/examples/group_mark";
import { on } from "../parts/interaction";
import { copyText } from "../parts/leaving/clipboard";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export interface InspectorHead extends View {
  /** Show the id of an example; an empty one for none. */
  showId(id: string): void;
}

export function createInspectorHead(context: ViewContext, compare: HTMLElement): InspectorHead {
  const { store, signal } = context;
  const id = h("span", { class: "specimen-id" });
  const hidden = h("span", { class: "note" }, "hidden by the filters");
  const place = h("span", { class: "note place" });
  const step = createStepButtons(context);
  const history = createHistoryButtons(context);
  const select = createSelectButton(context);
  const copy = createCopyButton(store, id, signal);
  const group = createGroupName(context);
  paintOnChange(context, () => {
    const { focus, listing } = store;
    hidden.hidden = focus === null || store.filters.isShown(focus);
    copy.hidden = group.element.hidden = focus === null;
    const at = focus === null ? -1 : listing.indexOf(focus);
    setText(place, at < 0 ? "" : `${formatCount(at + 1)} of ${formatCount(listing.length)}`);
  });
  const title = h("h3", {}, "Example ", id);
  const lead = h("div", { class: "focus-lead" }, step.element, title, place, hidden);
  const tools = [group.element, h("span", { class: "push" }), compare, select.element, copy];
  const rest = h("div", { class: "focus-tools" }, ...tools, history.element);
  const element = h("div", { class: "head" }, lead, rest);
  return {
    element,
    showId(text) {
      setText(id, text);
      setAttribute(id, "title", text);
    },
  };
}

/** The group of the example in focus, as a mark and in words. */
function createGroupName(context: ViewContext): View {
  const { store } = context;
  const mark = createGroupMark(context);
  const name = h("span", {});
  const element = h("span", { class: "named group-name" }, mark.element, name);
  paintOnChange(context, () => {
    store.boundaries;
    context.theme();
    const group = store.focus === null ? null : describe(store, store.focus).group;
    setText(name, store.manifest.plane && group ? group.name : "");
    mark.show(group);
  });
  return { element };
}

/** To the example before or after in the listing. */
export function stepInListing(store: Store, by: -1 | 1): void {
  const { focus, listing } = store;
  const at = focus === null ? -1 : listing.indexOf(focus);
  const next = listing[at < 0 ? 0 : at + by];
  if (next !== undefined) store.setFocus(next, "step");
}

function createStepButtons(context: ViewContext): View {
  const { store, signal } = context;
  const button = (control: string, arrow: string, name: string, by: -1 | 1) => {
    const attributes = { class: "bare", "aria-label": name, title: name };
    const element = h("button", { ...attributes, control }, arrow);
    on(element, "click", () => stepInListing(store, by), signal);
    return element;
  };
  const before = button("previous", "‹", "Previous example of the list (←)", -1);
  const after = button("next", "›", "Next example of the list (→)", 1);
  return { element: h("span", { class: "way" }, before, after) };
}

/** Back and forward among the examples that were looked at. */
function createHistoryButtons(context: ViewContext): View {
  const { store, signal } = context;
  const button = (control: string, text: string, name: string, by: -1 | 1) => {
    const attributes = { class: "bare", "aria-label": name, title: name };
    const element = h("button", { ...attributes, control }, text);
    on(element, "click", () => store.revisit(by), signal);
    return element;
  };
  const back = button("back", "←", "Back to what was looked at before (,)", -1);
  const forward = button("forward", "→", "Forward again (.)", 1);
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
  const attributes = { class: "bare", title: "Select this example (s)" };
  const button = h("button", { ...attributes, control: "select-focus" }, "select");
  const act = () => store.focus !== null && store.select([store.focus], "toggle");
  on(button, "click", act, signal);
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
  const attributes = { class: "bare", control: "copy-id" };
  const button = h(
    "button",
    { ...attributes, title: "Copy the id", "aria-live": "polite" },
    "copy",
  );
  const copy = async () => {
    if (store.focus === null) return;
    const done = await copyText(describe(store, store.focus).id);
    if (!done) getSelection()?.selectAllChildren(id);
    setText(button, done ? "copied" : "marked, copy it");
    setTimeout(() => setText(button, "copy"), 1500);
  };
  on(button, "click", copy, signal);
  return button;
}
