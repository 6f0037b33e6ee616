/**
 * One frame of the film strip: a neighbor's picture, or its label where there is none, and what its label says.
 */

import { createPicture } from "../../parts/cell";
import { type Description, describe } from "../../parts/description";
import { h, setAttribute, setText } from "../../parts/dom";
import type { ViewContext } from "../../parts/view";
import { codeOf } from "../agreement_line";

/** Pixels that a frame takes in its row. */
export const FRAME = 40;

export interface FilmFrame {
  readonly element: HTMLButtonElement;
  show(neighbor: number | undefined, of: FocusedExample): void;
}

/** The example in focus, as far as a neighbor agrees with it or not. */
export interface FocusedExample {
  readonly index: number;
  readonly label: number | undefined;
  readonly prediction: number | undefined;
}

export function createFilmFrame(context: ViewContext, probe: number, place: number): FilmFrame {
  const { store, tiles } = context;
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
      const asPredicted = compare(label, of.prediction);
      const asGiven = compare(label, of.label);
      setAttribute(element, "data-agrees", String(asPredicted));
      setAttribute(element, "data-label", String(asGiven));
      setText(vote, MARKS[String(asPredicted)] ?? "");
      given.hidden = asGiven !== true || of.label === of.prediction;
      setText(words, describe(store, neighbor).label);
      const where = `Neighbor ${place + 1} at ${store.manifest.probes[probe] ?? ""}`;
      const text = frameText(where, describe(store, neighbor), asPredicted, asGiven);
      setAttribute(element, "aria-label", text);
      setAttribute(element, "title", text);
    },
  };
}

const MARKS: Readonly<Record<string, string>> = { true: "●", false: "✕", unknown: "?" };

/** Unknown where one of the two classes is missing: that is no disagreement. */
function compare(label: number | undefined, other: number | undefined): boolean | "unknown" {
  return label === undefined || other === undefined ? "unknown" : label === other;
}

function frameText(
  where: string,
  { id, label }: Description,
  asPredicted: boolean | "unknown",
  asGiven: boolean | "unknown",
): string {
  const votes = { true: ["agrees with"], false: ["does not agree with"], unknown: [] };
  const givens = { true: ["has"], false: ["does not have"], unknown: [] };
  return [
    `${where}: ${id}`,
    label === "no label" ? label : `label ${label}`,
    ...votes[`${asPredicted}`].map((verb) => `${verb} the prediction`),
    ...givens[`${asGiven}`].map((verb) => `${verb} the given label`),
  ].join(", ");
}
