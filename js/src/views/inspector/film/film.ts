/**
 * The film strip: one row a probe, and in it the training examples nearest to the one in focus, nearest first.
 *
 * Each is marked by shape and color: whether its label is the prediction, and, where that is another class, whether it is the
 * given label. One of them is a step away: a click or Enter goes there.
 */
import { blockName, neighborsOf } from "../../../store/details";
import type { Store } from "../../../store/store";
import { h, hasFocus, keepFocus, setText } from "../../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import { codeOf } from "../agreement_line";
import type { DetailCache } from "../detail_cache";
import type { Neighbors } from "./film_cursor";
import type { FocusedExample } from "./film_frame";
import { createFilmLegend } from "./film_legend";
import { createFilmStrip } from "./film_strip";

const TITLE = "Nearest training examples";

export function createFilm(context: ViewContext, details: DetailCache): View {
  const { store } = context;
  const k = store.manifest.details.neighbors?.k ?? 0;
  const strip = createFilmStrip(context, k);
  const rows = strip.element;
  const hint = h("p", { class: "hint", tabindex: -1 });
  const legend = createFilmLegend(store);
  const attributes = { class: "film", "data-depthviz-film": true, "aria-label": TITLE };
  const heading = h("h3", {}, TITLE);
  const element = h("section", attributes, heading, legend.element, hint, rows);
  let focused: number | null = null;
  let current = -1;

  /** A part that goes takes the keyboard along, and keys would be the notebook's: the hint takes it over. */
  function hideRows(why: string): void {
    setText(hint, why);
    hint.hidden = false;
    if (!rows.hidden && hasFocus(rows)) hint.focus({ preventScroll: true });
    rows.hidden = true;
  }

  function hideHint(): void {
    if (hint.hidden) return;
    if (hasFocus(hint)) strip.focusActive();
    if (hasFocus(hint)) keepFocus(hint);
    hint.hidden = true;
  }

  paintOnChange(context, () => {
    const { focus, probe } = store;
    context.layout.value;
    element.hidden = focus === null || k === 0;
    if (element.hidden || focus === null) return;
    const another = focus !== focused;
    const walking = another && hasFocus(rows);
    focused = focus;
    if (another) strip.restart();
    const { neighbors, missing } = readNeighbors(store, details, focus);
    if (missing === "") rows.hidden = false;
    else hideRows(missing);
    if (probe !== current) strip.reveal(Math.round(probe));
    current = probe;
    const example = focusedExample(store, focus);
    strip.paint(example, neighbors);
    legend.element.hidden = rows.hidden;
    if (!rows.hidden) legend.paint(example, neighbors);
    if (walking) strip.focusActive();
    if (!rows.hidden) hideHint();
  });
  return { element };
}

/** The neighbors of an example; or why there are none, in words. */
function readNeighbors(
  store: Store,
  details: DetailCache,
  index: number,
): { readonly neighbors: Neighbors; readonly missing: string } {
  const info = store.manifest.details.neighbors;
  if (!info) return { neighbors: [], missing: "" };
  const block = details.get(blockName("neighbors", index, info.per_block));
  if (block.state === "loading") return { neighbors: [], missing: "Loading the neighbors …" };
  if (block.state === "ready") {
    const neighbors = neighborsOf(store.manifest, block.bytes, index);
    if (neighbors.some((row) => row.length > 0)) return { neighbors, missing: "" };
  }
  const failed = block.state === "absent" && block.reason !== "";
  const missing = "This page does not carry the neighbors of this example.";
  return { neighbors: [], missing: failed ? "The neighbors were not loaded." : missing };
}

function focusedExample(store: Store, index: number): FocusedExample {
  return {
    index,
    label: codeOf(store, "label", index),
    prediction: codeOf(store, "prediction", index),
  };
}
