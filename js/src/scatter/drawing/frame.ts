/**
 * One picture to paint: which points, where, how large and in which colors.
 *
 * A frame is made anew for each picture from plain values, so that both painters draw from the same
 * numbers. Marks are listed by state (three bits). Lengths are device pixels unless said otherwise.
 */

import { pixelsPerUnit, type Size, type View } from "../view";
import { GRAY, inkOn, type Rgb } from "./color";
import { diameterOf, type Mark, markOf } from "./marks";
import { type Blend, blendAt, type Points } from "./points";

export interface Palette {
  readonly background: Rgb;
  readonly dimmed: Rgb;
  readonly selection: Rgb;
}

export const NO_PALETTE: Palette = {
  background: [255, 255, 255],
  dimmed: GRAY,
  selection: [0, 0, 0],
};

export interface Scene {
  readonly points: Points;
  readonly probe: number;
  readonly view: View;
  readonly palette: Palette;
}

export interface Frame {
  readonly points: Points;
  readonly blend: Blend;
  readonly width: number;
  readonly height: number;
  /**
   * Pixels that the side of the unit square takes, and the place of its lower left corner (y down).
   */
  readonly scale: number;
  readonly left: number;
  readonly bottom: number;
  readonly marks: readonly Mark[];
  readonly palette: Palette;
  readonly ink: Rgb;
}

/** Draws a frame, and holds whatever it needs for that. */
export interface Painter {
  paint(frame: Frame): void;
}

export function frameOf(scene: Scene, size: Size, pixelRatio: number): Frame {
  const { points, view, palette } = scene;
  const diameter = diameterOf(points.count, view, size);
  const scale = pixelsPerUnit(view, size) * pixelRatio;
  const width = Math.max(1, Math.round(size.width * pixelRatio));
  const height = Math.max(1, Math.round(size.height * pixelRatio));
  return {
    points,
    blend: blendAt(points, scene.probe),
    width,
    height,
    scale,
    left: width / 2 - view.x * scale,
    bottom: height / 2 + view.y * scale,
    marks: Array.from({ length: 8 }, (_, state) => markOf(state, diameter, pixelRatio)),
    palette,
    ink: inkOn(palette.background),
  };
}

/** Gives a canvas the frame's size; setting it clears the canvas, so only where it differs. */
export function resizeTo(canvas: HTMLCanvasElement, frame: Frame): void {
  if (canvas.width !== frame.width) canvas.width = frame.width;
  if (canvas.height !== frame.height) canvas.height = frame.height;
}
