/**
 * Draws a frame into plain pixels, for Canvas2D.
 *
 * Drawing each point as a path of its own takes the browser the better part of a second for 60,000 of them. So each
 * mark is rendered once per shape, state and sub-pixel phase into a stamp, and a stamp is blended where a point
 * stands. Stamps come from the same distances as the shader's, thus the same picture. Knows no DOM.
 */

import type { Rgb } from "./color";
import type { Frame } from "./frame";
import type { Mark } from "./marks";
import { HIGHLIGHTED, positionAt, SHOWN } from "./points";
import { distanceTo, EXTENTS } from "./shapes";

/** Five numbers a pixel: share of the fill, share of the ground that remains, and the rings' color. */
export interface Stamp {
  readonly side: number;
  readonly values: Float32Array;
}

const NUMBERS = 5;
const PHASES = 4;

/** Fills `pixels` (RGBA, rows from the top) with the frame. */
export function rasterize(frame: Frame, pixels: Uint8ClampedArray): void {
  fillGround(pixels, frame.palette.background);
  const stampOf = stampsOf(frame);
  const { points, blend, scale } = frame;
  for (const index of points.order) {
    const unit = positionAt(points, blend, index);
    const x = frame.left + unit.x * scale;
    const y = frame.bottom - unit.y * scale;
    const state = (points.states[index] as number) & 7;
    const stamp = stampOf((points.shapes[index] as number) & 7, state, x, y);
    const left = Math.floor(x) - (stamp.side >> 1);
    const top = Math.floor(y) - (stamp.side >> 1);
    if (
      left >= frame.width ||
      top >= frame.height ||
      left + stamp.side <= 0 ||
      top + stamp.side <= 0
    )
      continue;
    blendStamp(pixels, frame, stamp, { left, top, fill: fillOf(frame, index, state) });
  }
}

function fillOf(frame: Frame, index: number, state: number): Rgb {
  if (!(state & (SHOWN | HIGHLIGHTED))) return frame.palette.dimmed;
  const { colors } = frame.points;
  const at = index * 3;
  return [colors[at] as number, colors[at + 1] as number, colors[at + 2] as number];
}

function fillGround(pixels: Uint8ClampedArray, [red, green, blue]: Rgb): void {
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  words.fill(new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer)[0] as number);
}

/** Stamps of a frame, made when first asked for, by the phase of a place inside its pixel. */
function stampsOf(frame: Frame): (shape: number, state: number, x: number, y: number) => Stamp {
  const made: (Stamp | undefined)[] = [];
  return (shape, state, x, y) => {
    const phaseX = Math.floor((x - Math.floor(x)) * PHASES);
    const phaseY = Math.floor((y - Math.floor(y)) * PHASES);
    const key = ((shape * 8 + state) * PHASES + phaseX) * PHASES + phaseY;
    made[key] ??= stampFor(frame, shape, state, (phaseX + 0.5) / PHASES, (phaseY + 0.5) / PHASES);
    return made[key];
  };
}

/** Renders one mark whose middle lies at (x, y) inside the middle pixel of the stamp. */
function stampFor(frame: Frame, shape: number, state: number, x: number, y: number): Stamp {
  const mark = frame.marks[state] as Mark;
  const half = Math.ceil(mark.radius * (EXTENTS[shape] as number) + mark.ink + 0.5);
  const side = 2 * half + 1;
  const values = new Float32Array(side * side * NUMBERS);
  for (let row = 0, at = 0; row < side; row++) {
    for (let column = 0; column < side; column++, at += NUMBERS) {
      const right = (column - half + 0.5 - x) / mark.radius;
      const down = (row - half + 0.5 - y) / mark.radius;
      values.set(shares(frame, mark, distanceTo(shape, right, down) * mark.radius), at);
    }
  }
  return { side, values };
}

function shares(frame: Frame, mark: Mark, distance: number): number[] {
  const cover = (edge: number) => Math.min(Math.max(0.5 - distance + edge, 0), 1);
  const [fill, outline, selection, ink] = [0, mark.outline, mark.selection, mark.ink].map(
    cover,
  ) as [number, number, number, number];
  const { palette } = frame;
  const ring = (channel: 0 | 1 | 2) =>
    palette.background[channel] * (outline - fill) +
    palette.selection[channel] * (selection - outline) +
    frame.ink[channel] * (ink - selection);
  return [fill, 1 - ink, ring(0), ring(1), ring(2)];
}

interface Placement {
  readonly left: number;
  readonly top: number;
  readonly fill: Rgb;
}

function blendStamp(
  pixels: Uint8ClampedArray,
  frame: Frame,
  stamp: Stamp,
  placement: Placement,
): void {
  const { left, top } = placement;
  const [red, green, blue] = placement.fill;
  const { side, values } = stamp;
  const firstColumn = Math.max(0, -left);
  const endColumn = Math.min(side, frame.width - left);
  const endRow = Math.min(side, frame.height - top);
  for (let row = Math.max(0, -top); row < endRow; row++) {
    let from = (row * side + firstColumn) * NUMBERS;
    let to = ((top + row) * frame.width + left + firstColumn) * 4;
    for (let column = firstColumn; column < endColumn; column++, from += NUMBERS, to += 4) {
      const ground = values[from + 1] as number;
      if (ground === 1) continue;
      const fill = values[from] as number;
      pixels[to] = (pixels[to] as number) * ground + red * fill + (values[from + 2] as number);
      pixels[to + 1] =
        (pixels[to + 1] as number) * ground + green * fill + (values[from + 3] as number);
      pixels[to + 2] =
        (pixels[to + 2] as number) * ground + blue * fill + (values[from + 4] as number);
    }
  }
}
