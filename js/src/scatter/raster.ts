/**
 * Draws a frame into plain pixels, for Canvas2D.
 *
 * Drawing each point as a path of its own takes the browser the better part of a second for 60,000
 * of them. Here a ready stamp is blended where a point stands, in integers. Knows no DOM.
 */

import type { Rgb } from "./color";
import type { Frame } from "./frame";
import { FULL, HIGHLIGHTED, SHOWN } from "./points";
import { NUMBERS, type Stamp, type StampOf } from "./stamps";

/** Fills `image` (RGBA, rows from the top) with the frame. */
export function rasterize(frame: Frame, stampOf: StampOf, image: Uint8ClampedArray): void {
  fillGround(image, frame.palette.background);
  const { positions, shapes, states, order } = frame.points;
  const { from, to, share } = frame.blend;
  const scale = frame.scale / FULL;
  for (let place = 0; place < order.length; place++) {
    const index = order[place] as number;
    const at = 2 * index;
    const startX = positions[from + at] as number;
    const startY = positions[from + at + 1] as number;
    const unitX = startX + ((positions[to + at] as number) - startX) * share;
    const unitY = startY + ((positions[to + at + 1] as number) - startY) * share;
    const x = frame.left + unitX * scale;
    const y = frame.bottom - unitY * scale;
    const state = states[index] as number;
    const stamp = stampOf(shapes[index] as number, state, x, y);
    press(image, frame, stamp, Math.floor(x), Math.floor(y), fillOf(frame, index, state));
  }
}

/** The point's color in one number, red first. */
function fillOf(frame: Frame, index: number, state: number): number {
  if (!(state & (SHOWN | HIGHLIGHTED))) {
    const [red, green, blue] = frame.palette.dimmed;
    return (red << 16) | (green << 8) | blue;
  }
  const { colors } = frame.points;
  const at = index * 3;
  return (
    ((colors[at] as number) << 16) | ((colors[at + 1] as number) << 8) | (colors[at + 2] as number)
  );
}

function fillGround(image: Uint8ClampedArray, [red, green, blue]: Rgb): void {
  const words = new Uint32Array(image.buffer, image.byteOffset, image.length / 4);
  words.fill(new Uint32Array(Uint8Array.of(red, green, blue, 255).buffer)[0] as number);
}

/** Blends a stamp over the image, its middle on a pixel. */
function press(
  image: Uint8ClampedArray,
  frame: Frame,
  stamp: Stamp,
  x: number,
  y: number,
  fill: number,
): void {
  const { width, height } = frame;
  const { half, pixels } = stamp;
  if (x < -half || y < -half || x >= width + half || y >= height + half) return;
  const whole = x >= half && y >= half && x < width - half && y < height - half;
  const middle = (y * width + x) * 4;
  const red = fill >> 16;
  const green = (fill >> 8) & 255;
  const blue = fill & 255;
  for (let at = 0; at < pixels.length; at += NUMBERS) {
    if (!whole) {
      const column = x + (pixels[at + 1] as number);
      const row = y + (pixels[at + 2] as number);
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
    }
    const to = middle + (pixels[at] as number);
    const ground = pixels[at + 3] as number;
    const share = pixels[at + 4] as number;
    image[to] = ((image[to] as number) * ground + red * share + (pixels[at + 5] as number)) >> 8;
    image[to + 1] =
      ((image[to + 1] as number) * ground + green * share + (pixels[at + 6] as number)) >> 8;
    image[to + 2] =
      ((image[to + 2] as number) * ground + blue * share + (pixels[at + 7] as number)) >> 8;
  }
}
