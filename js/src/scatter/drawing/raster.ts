/**
 * Draws a frame into plain pixels, for Canvas2D.
 *
 * Drawing each point as a path of its own takes the browser the better part of a second for 60,000
 * of them. Here a ready stamp is blended where a point stands, a pixel as one word (red lowest, as
 * all browsers' machines have it): red and blue in one product, green in another. Knows no DOM.
 */

import type { Rgb } from "./color";
import type { Frame } from "./frame";
import { FULL, HIGHLIGHTED, SHOWN } from "./points";
import { NUMBERS, type Stamp, type StampOf } from "./stamps";

/** Fills `image` (RGBA, rows from the top) with the frame. */
export function rasterize(frame: Frame, stampOf: StampOf, image: Uint8ClampedArray): void {
  const words = new Uint32Array(image.buffer, image.byteOffset, image.length / 4);
  words.fill(opaque(frame.palette.background));
  const { positions, shapes, states, order } = frame.points;
  const { from, to, share } = frame.blend;
  const { left, bottom } = frame;
  const scale = frame.scale / FULL;
  for (let place = 0; place < order.length; place++) {
    const index = order[place] as number;
    const at = 2 * index;
    const startX = positions[from + at] as number;
    const startY = positions[from + at + 1] as number;
    const unitX = startX + ((positions[to + at] as number) - startX) * share;
    const unitY = startY + ((positions[to + at + 1] as number) - startY) * share;
    const x = left + unitX * scale;
    const y = bottom - unitY * scale;
    const state = states[index] as number;
    const stamp = stampOf(shapes[index] as number, state, x, y);
    press(words, frame, stamp, Math.floor(x), Math.floor(y), fillOf(frame, index, state));
  }
}

/** The point's color in one word, without alpha. */
function fillOf(frame: Frame, index: number, state: number): number {
  if (!(state & (SHOWN | HIGHLIGHTED))) return wordOf(frame.palette.dimmed);
  const { colors } = frame.points;
  const at = index * 3;
  return (
    (colors[at] as number) | ((colors[at + 1] as number) << 8) | ((colors[at + 2] as number) << 16)
  );
}

function wordOf([red, green, blue]: Rgb): number {
  return red | (green << 8) | (blue << 16);
}

function opaque(color: Rgb): number {
  return (wordOf(color) | 0xff000000) >>> 0;
}

/** Blends a stamp over the image, its middle on a pixel. */
function press(
  words: Uint32Array,
  { width, height }: Frame,
  { half, pixels }: Stamp,
  x: number,
  y: number,
  fill: number,
): void {
  if (x < -half || y < -half || x >= width + half || y >= height + half) return;
  const whole = x >= half && y >= half && x < width - half && y < height - half;
  const middle = y * width + x;
  const outer = fill & 0xff00ff;
  const green = (fill >> 8) & 255;
  for (let at = 0; at < pixels.length; at += NUMBERS) {
    if (!whole) {
      const column = x + (pixels[at + 1] as number);
      const row = y + (pixels[at + 2] as number);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
    }
    const to = middle + (pixels[at] as number);
    const below = words[to] as number;
    const ground = pixels[at + 3] as number;
    const share = pixels[at + 4] as number;
    const both =
      (Math.imul(below & 0xff00ff, ground) +
        Math.imul(outer, share) +
        (pixels[at + 5] as number)) >>>
      8;
    const middleByte =
      Math.imul((below >> 8) & 255, ground) + Math.imul(green, share) + (pixels[at + 6] as number);
    words[to] = (both & 0xff00ff) | (middleByte & 0xff00) | 0xff000000;
  }
}
