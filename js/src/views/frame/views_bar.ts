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

/** `show` shows one of the views. */
export function createViewsBar(context: ViewContext, show: (view: Shown) => void): View {
  const { store, signal } = context;
  const buttons = NAMES.map(([view, text]) =>
    h("button", { type: "button", "data-depthviz-show": view }, text),
  );
  const choose = (chosen: Shown) => {
    NAMES.forEach(([view], i) => {
      setAttribute(buttons[i] as HTMLElement, "aria-pressed", String(view === chosen));
    });
    show(chosen);
  };
  NAMES.forEach(([view], i) => {
    const act = () => {
      store.setFrame({ panel: "closed" });
      choose(view);
    };
    on(buttons[i] as HTMLElement, "click", act, { signal });
  });
  choose("grid");
  paintOnChange(context, () => {
    const count = store.filters.names.length;
    setText(buttons[2] as HTMLElement, count > 0 ? `Filters (${count})` : "Filters");
  });
  return { element: h("nav", { class: "views-bar", "aria-label": "Views" }, ...buttons) };
}
