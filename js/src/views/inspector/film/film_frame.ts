/**
 * One frame of the film strip: a neighbor's picture, or its label where there is none, and a line for the class it votes for.
 *
 * The line is that of the curve of its class: solid, dashed or dotted, in the color of the class. What votes for a class that is
 * not in question is pale.
 */

import type { Curve } from "../../../store/details/evidence";
import { codeOf } from "../../../store/lookups";
import { createComparison } from "../../parts/comparison";
import { h, setAttribute, setText } from "../../parts/dom";
import { createPicture } from "../../parts/examples/cell";
import { describe } from "../../parts/examples/description";
import { hideFrame, isHiddenFrame } from "../../parts/examples/hidden_frame";
import { createExcerpt, SPOKEN, spokenExcerpt } from "../../parts/excerpts/excerpt";
import type { ViewContext } from "../../parts/view";
import { colorByClass, lineOf, rolesText } from "../answer/roles";
import type { Shown } from "./shown";

export interface FilmFrame {
  readonly element: HTMLButtonElement;
  show(neighbor: number | undefined, place: number, of: Shown): void;
}

export function createFilmFrame(context: ViewContext, probe: number): FilmFrame {
  const { store, tiles } = context;
  const canvas = tiles ? createPicture(tiles) : null;
  const words = h("span", { class: "frame-words" });
  const excerpt = PREVIEWS && !canvas ? createExcerpt(context, SPOKEN) : null;
  const look = PREVIEWS && excerpt ? excerpt.element : (canvas ?? words);
  const attributes = { class: "film-frame", "data-probe": probe, tabindex: -1 };
  const element = h("button", attributes, look);
  const lookChanged = createComparison();
  let drawn = false;

  function describeIn(neighbor: number, place: number, { evidence, shared, paired }: Shown): void {
    const { classes, curves } = evidence;
    const label = codeOf(store, "label", neighbor);
    const curve = curves.find(({ code }) => code === label);
    const role = curve ? lineOf(curve.roles) : label === undefined ? "unknown" : "other";
    setAttribute(element, "data-role", role);
    if (curve) colorByClass(element, context, curve.code);
    const both = shared?.[probe]?.has(neighbor) ?? false;
    setAttribute(element, "data-shared", both);
    const { id, label: name } = describe(store, neighbor);
    setText(words, name);
    const beginning = PREVIEWS ? spokenExcerpt(context, neighbor) : "";
    const text = [
      `Neighbor ${place + 1} at ${store.manifest.probes[probe] ?? ""}: ${id}`,
      label === undefined ? name : `label ${name}`,
      paired ? "" : votesText(curve, label, classes),
      both ? "a neighbor of both" : "",
      beginning && `text: ${beginning}`,
    ];
    const said = text.filter((part) => part !== "").join(", ");
    setAttribute(element, "aria-label", said);
    setAttribute(element, "title", said);
  }

  return {
    element,
    show(neighbor, place, shown) {
      element.hidden = neighbor === undefined;
      setAttribute(element, "data-neighbor", neighbor);
      setAttribute(element, "data-place", place);
      if (ANNOTATING && isHiddenFrame(context.desk, neighbor)) {
        // Described anew as soon as it may be.
        drawn = false;
        hideFrame(element, words, place);
        if (canvas && neighbor !== undefined)
          setAttribute(canvas, "data-empty", !tiles?.draw(neighbor, canvas));
        if (neighbor !== undefined) excerpt?.show(neighbor);
        return;
      }
      if (neighbor === undefined) return;
      const { evidence, shared } = shown;
      const changed = lookChanged(neighbor, place, evidence, shared, context.theme());
      if (!changed && drawn) return;
      drawn = !canvas || !tiles || tiles.draw(neighbor, canvas);
      if (canvas) setAttribute(canvas, "data-empty", !drawn);
      if (PREVIEWS && excerpt) drawn = excerpt.show(neighbor);
      describeIn(neighbor, place, shown);
    },
  };
}

function votesText(
  curve: Curve | undefined,
  label: number | undefined,
  classes: Shown["evidence"]["classes"],
): string {
  if (curve) return `votes for the ${rolesText(curve.roles, classes)} class`;
  return label === undefined ? "" : "votes for another class";
}
