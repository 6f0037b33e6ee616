/**
 * Marks rendered once, to be pressed wherever a point stands.
 *
 * There is one stamp per shape, state and sub-pixel phase. Stamps come from the same distances as
 * the shader's, thus the same picture; a position is only exact to a quarter of a pixel.
 */

import type { Frame } from "./frame";
import type { Mark } from "./marks";
import { distanceTo, EXTENTS } from "./shapes";

/**
 * The pixels that a mark touches, `NUMBERS` integers each: offset in the image, column and row from
 * the middle, share of the ground that remains, share of the fill, and the rings' color times their
 * share: red and blue in one word, green in another. Shares are of 256 and come to 256 together,
 * so that no sum leaves its byte.
 */
export interface Stamp {
  readonly half: number;
  readonly pixels: Int32Array;
}

export type StampOf = (shape: number, state: number, x: number, y: number) => Stamp;

export const NUMBERS = 7;

const PHASES = 4;

/** Keeps stamps from frame to frame, for as long as they would come out the same. */
export function createStamps(): (frame: Frame) => StampOf {
  let kept = "";
  let stampOf: StampOf;
  return (frame) => {
    const key = JSON.stringify([frame.width, frame.marks, frame.palette]);
    if (key !== kept) stampOf = stampsOf(frame);
    kept = key;
    return stampOf;
  };
}

/** Stamps are made when first asked for, by the phase of a place inside its pixel. */
function stampsOf(frame: Frame): StampOf {
  const made: (Stamp | undefined)[] = new Array(8 * 8 * PHASES * PHASES).fill(undefined);
  return (shape, state, x, y) => {
    const phaseX = Math.floor((x - Math.floor(x)) * PHASES);
    const phaseY = Math.floor((y - Math.floor(y)) * PHASES);
    const key = (((shape & 7) * 8 + (state & 7)) * PHASES + phaseX) * PHASES + phaseY;
    made[key] ??= stampFor(
      frame,
      shape & 7,
      state & 7,
      (phaseX + 0.5) / PHASES,
      (phaseY + 0.5) / PHASES,
    );
    return made[key];
  };
}

/** Renders one mark whose middle lies at (x, y) inside the middle pixel of the stamp. */
function stampFor(frame: Frame, shape: number, state: number, x: number, y: number): Stamp {
  const mark = frame.marks[state] as Mark;
  const half = Math.ceil(mark.radius * (EXTENTS[shape] as number) + mark.ink + 0.5);
  const pixels: number[] = [];
  for (let row = -half; row <= half; row++) {
    for (let column = -half; column <= half; column++) {
      const right = (column + 0.5 - x) / mark.radius;
      const down = (row + 0.5 - y) / mark.radius;
      const parts = shares(frame, mark, distanceTo(shape, right, down) * mark.radius);
      if (parts[0] !== 256) pixels.push(row * frame.width + column, column, row, ...parts);
    }
  }
  return { half, pixels: Int32Array.from(pixels) };
}

function shares(frame: Frame, mark: Mark, distance: number): number[] {
  const cover = (edge: number) => Math.round(256 * Math.min(Math.max(0.5 - distance + edge, 0), 1));
  const fill = cover(0);
  const outline = cover(mark.outline);
  const selection = cover(mark.selection);
  const ink = cover(mark.ink);
  const { palette } = frame;
  const ring = (channel: 0 | 1 | 2) =>
    palette.background[channel] * (outline - fill) +
    palette.selection[channel] * (selection - outline) +
    frame.ink[channel] * (ink - selection);
  return [256 - ink, fill, ring(0) | (ring(2) << 16), ring(1)];
}
