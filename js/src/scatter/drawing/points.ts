/**
 * The points of a scatter as flat arrays: positions at every probe, and one color, shape and state
 * a point.
 *
 * A revision counts the changes of each array, so that a painter knows what it has not seen yet,
 * and one that has just been made (or has lost its GL context) has seen nothing. Knows neither
 * pixels nor the DOM.
 */

import type { Point } from "../view";

export const SHOWN = 1;
export const SELECTED = 2;
export const HIGHLIGHTED = 4;
/** Has no place, and is not drawn at all. */
export const ABSENT = 8;

/** Layers, drawn in this order: not shown, shown, selected, highlighted. */
export const LAYERS = 4;

/** The largest coordinate: positions are fractions of it. */
export const FULL = 65535;

export type Part = "positions" | "colors" | "shapes" | "states";

export interface Points {
  readonly count: number;
  readonly probes: number;
  readonly positions: Uint16Array;
  readonly colors: Uint8Array;
  readonly shapes: Uint8Array;
  readonly states: Uint8Array;
  /** Indices in drawing order, last on top. */
  readonly order: Uint32Array;
  readonly revision: Readonly<Record<Part, number>>;
}

/** Two probes as offsets of their first coordinate, and the share of the second. */
export interface Blend {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

const NO_REVISION = { positions: 0, colors: 0, shapes: 0, states: 0 };

export const NO_POINTS: Points = {
  count: 0,
  probes: 1,
  positions: new Uint16Array(0),
  colors: new Uint8Array(0),
  shapes: new Uint8Array(0),
  states: new Uint8Array(0),
  order: new Uint32Array(0),
  revision: NO_REVISION,
};

export function withPositions(
  points: Points,
  positions: Uint16Array,
  probes: number,
  count: number,
): Points {
  if (probes < 1) throw new RangeError(`setPositions expects at least one probe, got ${probes}.`);
  expectLength("setPositions", positions, probes * count * 2);
  const base = count === points.count ? points : blank(points, count);
  return { ...base, positions, probes, revision: bumped(base, "positions") };
}

export function withColors(points: Points, colors: Uint8Array): Points {
  expectLength("setColors", colors, points.count * 3);
  return { ...points, colors, revision: bumped(points, "colors") };
}

export function withShapes(points: Points, shapes: Uint8Array): Points {
  expectLength("setShapes", shapes, points.count);
  return { ...points, shapes, revision: bumped(points, "shapes") };
}

export function withStates(points: Points, states: Uint8Array): Points {
  expectLength("setStates", states, points.count);
  return { ...points, states, order: drawingOrder(states), revision: bumped(points, "states") };
}

export function blendAt(points: Points, probe: number): Blend {
  const within = Math.min(Math.max(probe, 0), points.probes - 1);
  const first = Math.floor(within);
  const second = Math.min(first + 1, points.probes - 1);
  const stride = points.count * 2;
  return { from: first * stride, to: second * stride, share: within - first };
}

/** Position of one point in the unit square. */
export function positionAt(points: Points, blend: Blend, index: number): Point {
  const { positions } = points;
  const axis = (offset: number) => {
    const start = positions[blend.from + 2 * index + offset] as number;
    const end = positions[blend.to + 2 * index + offset] as number;
    return (start + (end - start) * blend.share) / FULL;
  };
  return { x: axis(0), y: axis(1) };
}

/**
 * A highlighted point is on top even if it is not shown; a selected one only counts where it is
 * shown.
 */
export function layerOf(state: number): number {
  if (state & HIGHLIGHTED) return 3;
  if (!(state & SHOWN)) return 0;
  return state & SELECTED ? 2 : 1;
}

/** Indices of those that have a place, sorted by layer, ascending inside each (a counting sort). */
export function drawingOrder(states: Uint8Array): Uint32Array {
  const next = layerStarts(states);
  const order = new Uint32Array(next[LAYERS] as number);
  for (let index = 0; index < states.length; index++) {
    if ((states[index] as number) & ABSENT) continue;
    const layer = layerOf(states[index] as number);
    const place = next[layer] as number;
    order[place] = index;
    next[layer] = place + 1;
  }
  return order;
}

function layerStarts(states: Uint8Array): Uint32Array {
  const starts = new Uint32Array(LAYERS + 1);
  for (const state of states) {
    if (state & ABSENT) continue;
    const after = layerOf(state) + 1;
    starts[after] = (starts[after] as number) + 1;
  }
  for (let layer = 1; layer <= LAYERS; layer++) {
    starts[layer] = (starts[layer] as number) + (starts[layer - 1] as number);
  }
  return starts;
}

function blank(points: Points, count: number): Points {
  const states = new Uint8Array(count).fill(SHOWN);
  const revision = { ...points.revision };
  for (const part of ["colors", "shapes", "states"] as const) revision[part] += 1;
  return {
    ...points,
    count,
    colors: new Uint8Array(count * 3).fill(128),
    shapes: new Uint8Array(count),
    states,
    order: drawingOrder(states),
    revision,
  };
}

function bumped(points: Points, part: Part): Record<Part, number> {
  return { ...points.revision, [part]: points.revision[part] + 1 };
}

function expectLength(setter: string, array: Uint16Array | Uint8Array, length: number): void {
  if (array.length === length) return;
  throw new RangeError(
    `${setter} expects ${length} values, got ${array.length}; positions are set first.`,
  );
}
