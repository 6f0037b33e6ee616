/**
 * How large a point is, and which rings lie around it, by layer.
 *
 * A mark is built from its edge outwards: the fill in the point's color, a thin outline in the
 * background's (so that points that overlap stay apart), a ring in the selection's, a ring in ink.
 * A ring of width zero is none. Sizes are device pixels.
 */

import type { Size, View } from "../view";
import { HIGHLIGHTED, layerOf, SELECTED } from "./points";

export interface Mark {
  readonly radius: number;
  /** Distances from the edge of the fill at which outline, selection ring and ink ring end. */
  readonly outline: number;
  readonly selection: number;
  readonly ink: number;
}

const DIAMETER = { least: 1.8, most: 7 };
/** Of the space that each point would have if they filled the canvas: clusters are many times as dense. */
const SHARE = 0.38;
const SCALE_OF_LAYER = [0.6, 1, 1.15, 1.6] as const;
const RING = { selection: 1.25, ink: 2 };

/**
 * Diameter of a shown point in CSS pixels: a part of the space that each has on the canvas; zooming
 * parts them.
 */
export function diameterOf(count: number, view: View, size: Size): number {
  const space = Math.sqrt((size.width * size.height) / Math.max(1, count));
  const diameter = SHARE * space * Math.sqrt(Math.max(1, view.zoom));
  return Math.min(Math.max(diameter, DIAMETER.least), DIAMETER.most);
}

/** The mark of a state, for points of a diameter in CSS pixels. */
export function markOf(state: number, diameter: number, pixelRatio: number): Mark {
  const layer = layerOf(state);
  const scaled = (diameter / 2) * (SCALE_OF_LAYER[layer] as number);
  // With a ring it is at least as many pixels as its layer: 2 selected, 3 highlighted.
  const radius = layer < 2 ? scaled : Math.max(scaled, layer);
  const outline = layer === 0 ? 0 : Math.min(Math.max(diameter * 0.1, 0.25), 1);
  const selection = outline + (layer > 1 && state & SELECTED ? RING.selection : 0);
  const ink = selection + (state & HIGHLIGHTED ? RING.ink : 0);
  return {
    radius: radius * pixelRatio,
    outline: outline * pixelRatio,
    selection: selection * pixelRatio,
    ink: ink * pixelRatio,
  };
}
