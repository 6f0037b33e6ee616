/**
 * One cell of the grid: picture, label, prediction where it differs, depth. Recycled from example to example.
 */
import type { Store } from "../store/store";
import { describe } from "./describe";
import { h, setAttribute, setText } from "./dom";
import type { Stage } from "./stage";
import type { Tiles } from "./tiles";

export interface Cell {
  readonly element: HTMLElement;
  show(index: number, position: number): void;
  hide(): void;
  /** Selection, highlight and focus only. */
  mark(active: number | null): void;
}

export const SMALL_PICTURE = 48;

export function createCell({ store, tiles }: Stage): Cell {
  const canvas = tiles ? createPicture(tiles) : null;
  const id = h("span", { class: tiles ? "spoken" : "id" });
  const label = h("span", { class: "label" });
  const depth = h("span", { class: "depth" });
  const prediction = h("span", { class: "prediction" });
  const verdict = spoken(" predicted, not the label");
  const meter = h("span", { class: "meter" }, h("span", { class: "meter-fill" }));
  const element = h(
    "div",
    { class: canvas ? "cell" : "cell plain", role: "gridcell" },
    spoken("Example "),
    id,
    ...(canvas ? [canvas] : []),
    meter,
    h("span", { class: "caption" }, spoken(", label "), label, spoken(", depth "), depth),
    prediction,
    verdict,
  );
  let shown: number | null = null;
  let drawn = false;

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
      if (shown === index && drawn) return;
      shown = index;
      drawn = !canvas || !tiles || tiles.draw(index, canvas);
      element.hidden = false;
      const words = describe(store, index);
      setAttribute(element, "data-example-id", words.id);
      setText(id, words.id);
      setText(label, words.label);
      const wrong = words.verdict === "wrong";
      setText(prediction, wrong ? `✕ ${words.prediction}` : "");
      verdict.hidden = !wrong;
      paintDepth(depth, meter, words.depth, store);
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

function paintDepth(depth: HTMLElement, meter: HTMLElement, text: string, store: Store): void {
  const share = Number(text) / Math.max(1, store.manifest.probes.length);
  const fill = meter.firstElementChild as HTMLElement;
  fill.style.width = Number.isNaN(share) ? "0" : `${100 * share}%`;
  setText(depth, text);
  setAttribute(depth, "title", `depth ${text}`);
  setAttribute(meter, "data-undecided", share >= 1);
}
