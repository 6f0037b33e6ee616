/**
 * The panel at the right: opens when an example comes into focus, in three widths, and closes again.
 *
 * Holds the inspector and knows nothing of what is in it.
 */
import type { PanelSize } from "../../store/frame";
import { giveFocus, h, hasFocus, setAttribute } from "../parts/dom";
import { iconButton } from "../parts/icons";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

export interface Panel extends View {
  /** From narrow to wide and back. */
  widen(): void;
}

export function createPanel(context: ViewContext, content: HTMLElement): Panel {
  const { store, signal } = context;
  const wider = iconButton("panel-wider", "wider", "Wider or narrower (w)");
  const full = iconButton("panel-full", "screen", "All the space");
  const close = iconButton("panel-close", "close", "Close (Escape)");
  const tools = h("div", { class: "panel-tools" }, wider, full, close);
  const element = h("aside", { class: "example-panel", "aria-label": "Example in focus" });
  element.append(content, tools);

  const setSize = (panel: PanelSize) => store.setFrame({ panel });
  /** Who looks at another example later would find it compared with this one. */
  const end = () => {
    store.compareWith(null);
    setSize("closed");
  };
  const widen = () => setSize(store.frame.panel === "narrow" ? "wide" : "narrow");
  on(wider, "click", widen, signal);
  on(full, "click", () => setSize(store.frame.panel === "full" ? "wide" : "full"), signal);
  on(close, "click", end, signal);
  paintOnChange(context, () => {
    const { panel } = store.frame;
    const closes = panel === "closed" && !element.hidden;
    if (closes && hasFocus(element)) returnFocus(element);
    element.hidden = panel === "closed";
    setAttribute(element, "data-size", panel);
    setAttribute(wider, "aria-pressed", String(panel === "wide"));
    setAttribute(full, "aria-pressed", String(panel === "full"));
  });
  return {
    element,
    widen() {
      if (store.frame.panel !== "closed") widen();
    },
  };
}

/** To the cell of the example, else to the frame of the view: outside, keys would be the notebook's. */
function returnFocus(element: HTMLElement): void {
  const root = element.closest<HTMLElement>(".depthviz");
  const cell = root?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]');
  giveFocus(cell ?? root);
}
