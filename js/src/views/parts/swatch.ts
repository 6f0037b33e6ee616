/**
 * A swatch: the mark of a class or category as a small picture, the same shape and color as in the map.
 */
import { svg } from "./dom";
import { css, type Mark } from "./palette";

const OUTLINES = [
  "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0z",
  "M-.88-.88h1.76v1.76h-1.76z",
  "M0-1.35 1.17.675h-2.34z",
  "M0-1.24 1.24 0 0 1.24-1.24 0z",
  "M0-.51.52-1.03 1.03-.52.51 0 1.03.52.52 1.03 0 .51-.52 1.03-1.03.52-.51 0-1.03-.52-.52-1.03z",
  "M-.36-1.1h.72v.74h.74v.72h-.74v.74h-.72v-.74h-.74v-.72h.74z",
  "M0-1.35.35-.45 1.28-.42.55.18.79 1.09 0 .56-.79 1.09-.55.18-1.28-.42-.35-.45z",
  "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0zM-.45 0a.45.45 0 1 1 .9 0a.45.45 0 1 1-.9 0z",
] as const;

export function swatch(mark: Mark): SVGSVGElement {
  const path = svg("path", { "fill-rule": "evenodd" });
  const view = { class: "swatch", viewBox: "-1.4 -1.4 2.8 2.8", "aria-hidden": "true" };
  const element = svg("svg", view, path);
  setMark(element, mark);
  return element;
}

export function setMark(element: SVGSVGElement, mark: Mark): void {
  const path = element.firstElementChild;
  path?.setAttribute("d", OUTLINES[mark.shape] ?? OUTLINES[0]);
  path?.setAttribute("fill", css(mark.color));
}
