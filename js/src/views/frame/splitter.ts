/**
 * The line between grid and map, which a hand or the arrow keys move; a double click puts it back.
 */
import { USUAL_FRAME } from "../../store/frame";
import { boxOf, h } from "../parts/dom";
import { type DragHandlers, on, onDrag } from "../parts/interaction";
import { slider } from "../parts/slider";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

const LEAST = 20;
const MOST = 80;

export function createSplitter(context: ViewContext, stage: HTMLElement): View {
  const { store, signal } = context;
  const element = h("div", {
    class: "splitter",
    "aria-label": "Width of the examples beside the map",
    "aria-orientation": "vertical",
    title: "Drag to share the space; double click puts it back",
    control: "split",
  });
  const percent = () => 100 * store.frame.split;
  const description = slider(element, {
    signal,
    value: percent,
    range: () => [LEAST, MOST],
    step: 2,
    large: 5,
    moveTo: (value) => store.setFrame({ split: value / 100 }),
  });
  const handlers: DragHandlers<number> = {
    start: () => store.frame.split,
    move({ clientX }) {
      const { left, width } = boxOf(stage);
      if (width > 0) store.setFrame({ split: (clientX - left) / width });
      return true;
    },
    cancel: (split) => store.setFrame({ split }),
  };
  onDrag(element, handlers, { signal, capture: "press" });
  on(element, "dblclick", () => store.setFrame({ split: USUAL_FRAME.split }), signal);
  paintOnChange(context, () => {
    stage.style.setProperty("--dv-split", `${percent()}%`);
    description.describe(`${Math.round(percent())} % examples`);
  });
  return { element };
}
