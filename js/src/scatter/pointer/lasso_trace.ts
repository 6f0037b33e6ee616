/**
 * The freehand outline while it is being drawn: one SVG path over the canvas, blind to the pointer.
 */

import type { Point } from "../view";

const SVG = "http://www.w3.org/2000/svg";

export interface LassoTrace {
  readonly element: SVGSVGElement;
  show(outline: readonly Point[]): void;
  setColor(color: string): void;
}

export function createLassoTrace(): LassoTrace {
  const element = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  element.setAttribute("aria-hidden", "true");
  Object.assign(element.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
  element.style.pointerEvents = "none";
  path.setAttribute("fill-opacity", "0.12");
  path.setAttribute("fill-rule", "evenodd");
  path.setAttribute("stroke-width", "1.5");
  element.append(path);
  return {
    element,
    show: (outline) => path.setAttribute("d", pathOf(outline)),
    setColor(color) {
      path.setAttribute("fill", color);
      path.setAttribute("stroke", color);
    },
  };
}

function pathOf(outline: readonly Point[]): string {
  if (outline.length === 0) return "";
  return `M${outline.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}
