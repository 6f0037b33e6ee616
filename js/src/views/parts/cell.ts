/**
 * One cell of the grid: picture, group, label, prediction where it differs, depth. Recycled from example to example.
 */
import { hasTwoDepths } from "../../store/lookups";
import type { Store } from "../../store/store";
import { createComparison } from "./comparison";
import { type Description, describe } from "./description";
import { h, setAttribute, setText } from "./dom";
import { createGroupMark } from "./group_mark";
import type { Tiles } from "./tiles";
import type { ViewContext } from "./view";

export interface Cell {
  readonly element: HTMLElement;
  show(index: number, position: number): void;
  hide(): void;
  /** Selection, highlight and focus only. */
  mark(active: number | null): void;
}

export const SMALL_PICTURE = 48;

export function createCell(context: ViewContext): Cell {
  const { store, tiles } = context;
  const canvas = tiles ? createPicture(tiles) : null;
  const content = createContent(context, canvas);
  const attributes = { class: canvas ? "cell" : "cell plain", role: "gridcell" };
  const element = h("div", attributes, ...content.nodes);
  let shown: number | null = null;
  let drawn = false;
  const lookChanged = createComparison();

  function mark(active: number | null): void {
    if (shown === null) return;
    const selected = store.selection.has(shown);
    setAttribute(element, "aria-selected", String(selected));
    setAttribute(element, "data-highlight", store.highlight === shown);
    setAttribute(element, "data-focus", store.focus === shown);
    setAttribute(element, "tabindex", shown === active ? 0 : -1);
  }

  return {
    element,
    mark,
    show(index, position) {
      setAttribute(element, "data-position", position);
      if (!lookChanged(index, context.theme(), store.boundaries) && drawn) return;
      shown = index;
      drawn = !canvas || !tiles || tiles.draw(index, canvas);
      element.hidden = false;
      content.show(describe(store, index), element);
      if (canvas) setAttribute(canvas, "data-empty", !drawn);
    },
    hide() {
      shown = null;
      drawn = false;
      element.hidden = true;
      for (const name of ["data-example-id", "data-position"]) element.removeAttribute(name);
      setAttribute(element, "tabindex", -1);
    },
  };
}

/** Picture and words of a cell, in the order in which they are read. */
function createContent(context: ViewContext, canvas: HTMLCanvasElement | null) {
  const group = createGroupMark(context);
  const id = h("span", { class: canvas ? "spoken" : "id" });
  const label = h("span", { class: "label" });
  const prediction = h("span", { class: "prediction" });
  const verdict = spoken(" predicted, not the label");
  const depths = createDepths(context.store);
  const named = h("span", { class: "named" }, group.element, spoken(", label "), label);
  const caption = h("span", { class: "caption" }, named, ...depths.words);
  const picture = canvas ? [canvas] : [];
  return {
    nodes: [spoken("Example "), id, ...picture, ...depths.meters, caption, prediction, verdict],
    /** Write an example into the cell. */
    show(words: Description, cell: HTMLElement) {
      const wrong = words.verdict === "wrong";
      setAttribute(cell, "data-example-id", words.id);
      setAttribute(cell, "data-wrong", wrong);
      setText(id, words.id);
      setText(label, words.label);
      setText(prediction, wrong ? `✕ ${words.prediction}` : "");
      verdict.hidden = !wrong;
      depths.show(words);
      group.show(words.group, cell);
    },
  };
}

/** Words for a screen reader only, between what is seen. */
function spoken(text: string): HTMLElement {
  return h("span", { class: "spoken" }, text);
}

/** A canvas that holds one picture in its own size; the styles scale it, small ones without smoothing. */
export function createPicture(tiles: Tiles): HTMLCanvasElement {
  const [width, height] = tiles.cell;
  const small = Math.max(width, height) <= SMALL_PICTURE;
  const canvas = h("canvas", { class: small ? "picture small" : "picture", "aria-hidden": "true" });
  canvas.width = width;
  canvas.height = height;
  canvas.style.aspectRatio = `${width} / ${height}`;
  return canvas;
}

interface Depths {
  readonly meters: readonly HTMLElement[];
  readonly words: readonly HTMLElement[];
  show(words: Description): void;
}

/** One depth, or both, the one when trained on first: a meter and a number each. */
function createDepths(store: Store): Depths {
  const two = hasTwoDepths(store);
  const count = two ? 2 : 1;
  const meters = Array.from({ length: count }, () =>
    h("span", { class: "meter" }, h("span", { class: "meter-fill" })),
  );
  const numbers = meters.map(() => h("span", { class: "depth" }));
  const between = two ? [", depth when trained on ", ", when held out "] : [", depth "];
  const words = numbers.flatMap((number, i) => [spoken(between[i] ?? ""), number]);
  const line = h("span", { class: "depths" }, ...words);
  return {
    meters,
    words: two ? [line] : words,
    show({ depth, depths }) {
      const texts = depths ?? [depth];
      meters.forEach((meter, i) => {
        const text = texts[i] ?? "–";
        paintDepth(numbers[i] as HTMLElement, meter, text, store.manifest.probes.length);
      });
      if (depths) line.title = `depth ${depths[0]} when trained on, ${depths[1]} when held out`;
    },
  };
}

function paintDepth(depth: HTMLElement, meter: HTMLElement, text: string, last: number): void {
  const share = Number(text) / Math.max(1, last);
  const fill = meter.firstElementChild as HTMLElement;
  fill.style.width = Number.isNaN(share) ? "0" : `${100 * share}%`;
  setText(depth, text);
  setAttribute(depth, "title", `depth ${text}`);
  setAttribute(meter, "data-undecided", share >= 1);
}
