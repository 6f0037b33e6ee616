/**
 * Two examples beside each other, in the place of one: how it is opened, swapped, chosen and left.
 */
import { type Computed, computed } from "../../../store/reactive";
import { indicesOf } from "../../../store/selection";
import { h, setAttribute, setText } from "../../parts/dom";
import { describe } from "../../parts/examples/description";
import { on } from "../../parts/interaction";
import { paintOnChange, type ViewContext } from "../../parts/view";
import { findNeighbors } from "../film/shown";
import type { InspectorState } from "../state";
import { createPairView } from "./pair_view";

export interface Compare {
  readonly element: HTMLElement;
  /** Opens it, in the head of the inspector. */
  readonly button: HTMLButtonElement;
  readonly open: Computed<boolean>;
  toggle(): void;
  swap(): void;
  close(): void;
}

export function createCompare(context: ViewContext, state: InspectorState): Compare {
  const { store, signal } = context;
  const open = computed(() => store.focus !== null && store.compared !== null);
  const opener = button("compare", "Compare", "Put another example beside it (c)");
  const chooser = createChooser(context);

  function close(): void {
    chooser.end();
    store.compareWith(null);
  }

  function swap(): void {
    const { focus, compared } = store;
    if (focus === null || compared === null) return;
    store.setFocus(compared);
    store.compareWith(focus);
  }

  function toggle(): void {
    const { focus } = store;
    if (open.value) close();
    else if (focus !== null) store.compareWith(firstOther(context, state, focus));
  }

  const names = h("span", { class: "note" });
  const swapButton = button("swap", "Swap", "Swap the two (s)");
  const closeButton = button("close-compare", "Close", "Back to one example (Escape)");
  const tools = [h("span", { class: "push" }), swapButton, chooser.element, closeButton];
  const bar = h("div", { class: "compare-head" }, h("h3", {}, "Compare"), names, ...tools);
  const pair = createPairView(context, state);
  const element = h("div", { class: "compare", "data-depthviz-compare": true }, bar);

  on(opener, "click", toggle, signal);
  on(closeButton, "click", close, signal);
  on(swapButton, "click", swap, signal);
  paintOnChange(context, () => {
    const { focus, compared } = store;
    state.size.value;
    element.hidden = !open.value;
    if (open.value && pair.parts[0]?.parentElement !== element) element.append(...pair.parts);
    if (!open.value) for (const part of pair.parts) part.remove();
    opener.hidden = focus === null || store.manifest.count < 2;
    setAttribute(opener, "aria-pressed", String(open.value));
    // The other of the two may be one that is to be decided on.
    if (ANNOTATING && context.desk?.blind) {
      opener.hidden = true;
      setText(names, "");
    }
    if (focus === null || compared === null || chooser.takes(focus)) return;
    setText(names, `examples ${describe(store, focus).id} and ${describe(store, compared).id}`);
    pair.paint(focus, compared);
  });
  return { element, button: opener, open, toggle, swap, close };
}

/** While it is pressed, the next example that a person goes to becomes the other of the two. */
function createChooser({ store, signal }: ViewContext) {
  const element = button("choose-other", "Choose another", "Put the next chosen one beside it");
  let kept: number | null = null;
  let selected: readonly number[] = [];
  const set = (index: number | null) => {
    kept = index;
    selected = [...indicesOf(store.selection.flags)];
    setAttribute(element, "aria-pressed", String(index !== null));
    setText(element, index === null ? "Choose another" : "Choose one in the grid or map");
  };
  on(element, "click", () => set(kept === null ? store.focus : null), signal);
  return {
    element,
    end: () => set(null),
    /** Whether an example that came into focus was meant as the other one; then it becomes that. */
    takes(focus: number): boolean {
      if (kept === null || kept === focus) return false;
      const [before, chosen] = [kept, selected];
      set(null);
      queueMicrotask(() => {
        // It was picked to be compared, not to be selected.
        store.select(chosen, "replace");
        store.setFocus(before);
        store.compareWith(focus);
      });
      return true;
    },
  };
}

function button(control: string, text: string, title: string): HTMLButtonElement {
  const attributes = { class: "bare", title, control };
  return h("button", attributes, text);
}

/** What to compare with at first: the other one that is selected, else the nearest neighbor at the probe of the map. */
function firstOther({ store }: ViewContext, state: InspectorState, focus: number): number {
  const { flags, count } = store.selection;
  if (count > 0 && count <= 2) {
    const other = flags.findIndex((flag, index) => flag === 1 && index !== focus);
    if (other >= 0) return other;
  }
  const { neighbors } = findNeighbors(store, state.details, focus);
  const near = neighbors[Math.round(store.probe)]?.find((index) => index !== focus);
  return (
    near ?? store.listing.find((index) => index !== focus) ?? (focus + 1) % store.manifest.count
  );
}
