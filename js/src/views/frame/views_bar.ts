/**
 * Where there is room for one view at a time: a bar below that chooses which.
 */
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export type Shown = "grid" | "map" | "filters";

const NAMES: readonly (readonly [Shown, string])[] = [
  ["grid", "Examples"],
  ["map", "Map"],
  ["filters", "Filters"],
];

/** `show` shows one of the views, the first of them or one that was chosen. */
export function createViewsBar(
  context: ViewContext,
  show: (view: Shown, byHand: boolean) => void,
): View {
  const { store, signal } = context;
  const buttons = NAMES.map(([view, text]) => h("button", { "data-depthviz-show": view }, text));
  const choose = (chosen: Shown, byHand: boolean) => {
    NAMES.forEach(([view], i) => {
      setAttribute(buttons[i] as HTMLElement, "aria-pressed", String(view === chosen));
    });
    show(chosen, byHand);
  };
  NAMES.forEach(([view], i) => {
    const act = () => {
      store.setFrame({ panel: "closed" });
      choose(view, true);
    };
    on(buttons[i] as HTMLElement, "click", act, signal);
  });
  // The findings above it are pictures already.
  choose(store.manifest.map === null ? "grid" : "map", false);
  paintOnChange(context, () => {
    const count = store.filters.names.length;
    setText(buttons[2] as HTMLElement, count > 0 ? `Filters (${count})` : "Filters");
  });
  return { element: h("nav", { class: "views-bar", "aria-label": "Views" }, ...buttons) };
}
