/**
 * One frame of the film strip: a neighbor's picture, or its label where there is none, and what its label says.
 */
import type { Store } from "../store/store";
import { codeOf } from "./agreement_line";
import { createPicture } from "./cell";
import { describe } from "./describe";
import { h, setAttribute, setText } from "./dom";
import type { Stage } from "./stage";

/** Pixels that a frame takes in its row. */
export const FRAME = 40;

export interface FilmFrame {
  readonly element: HTMLButtonElement;
  show(neighbor: number | undefined, of: Mind): void;
}

/** The example in focus, as far as a neighbor agrees with it or not. */
export interface Mind {
  readonly index: number;
  readonly label: number | undefined;
  readonly prediction: number | undefined;
}

export function createFilmFrame(stage: Stage, probe: number, place: number): FilmFrame {
  const { store, tiles } = stage;
  const canvas = tiles ? createPicture(tiles) : null;
  const words = h("span", { class: "frame-words" });
  const vote = h("span", { class: "frame-mark of-prediction", "aria-hidden": "true" });
  const given = h("span", { class: "frame-mark of-label", "aria-hidden": "true" }, "◆");
  const element = h(
    "button",
    { type: "button", class: "film-frame", "data-probe": probe, "data-place": place, tabindex: -1 },
    ...(canvas ? [canvas] : [words]),
    vote,
    given,
  );
  let shown = "";
  let drawn = false;

  return {
    element,
    show(neighbor, of) {
      element.hidden = neighbor === undefined;
      setAttribute(element, "data-neighbor", neighbor);
      if (neighbor === undefined) return;
      const key = `${neighbor} ${of.index}`;
      if (key === shown && drawn) return;
      shown = key;
      drawn = !canvas || !tiles || tiles.draw(neighbor, canvas);
      if (canvas) setAttribute(canvas, "data-empty", !drawn);
      const label = codeOf(store, "label", neighbor);
      const asPredicted = label !== undefined && label === of.prediction;
      const asGiven = label !== undefined && label === of.label;
      setAttribute(element, "data-agrees", String(asPredicted));
      setAttribute(element, "data-label", String(asGiven));
      setText(vote, asPredicted ? "●" : "✕");
      given.hidden = !asGiven || of.label === of.prediction;
      setText(words, describe(store, neighbor).label);
      const said = say(store, neighbor, probe, place, asPredicted, asGiven);
      setAttribute(element, "aria-label", said);
      setAttribute(element, "title", said);
    },
  };
}

function say(
  store: Store,
  neighbor: number,
  ...[probe, place, asPredicted, asGiven]: readonly [number, number, boolean, boolean]
): string {
  const { id, label } = describe(store, neighbor);
  const vote = asPredicted ? "agrees with the prediction" : "does not agree with the prediction";
  const given = asGiven ? "has the given label" : "does not have the given label";
  const name = store.manifest.probes[probe] ?? "";
  return `Neighbor ${place + 1} at ${name}: ${id}, label ${label}, ${vote}, ${given}`;
}
