/**
 * Where the map's unit square lies on the screen.
 *
 * A view is the point of the unit square (x right, y up) in the middle of the canvas, and a zoom: 1
 * fits the whole square into the canvas, both axes to the same scale. Screen points are CSS pixels,
 * y down. All functions are pure.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export const HOME: View = { x: 0.5, y: 0.5, zoom: 1 };

const MARGIN = 16;
const ZOOM_RANGE = { least: 0.5, most: 400 };

/** CSS pixels that the side of the unit square takes. */
export function pixelsPerUnit(view: View, size: Size): number {
  return Math.max(1, Math.min(size.width, size.height) - 2 * MARGIN) * view.zoom;
}

export function toScreen(point: Point, view: View, size: Size): { x: number; y: number } {
  const scale = pixelsPerUnit(view, size);
  return {
    x: size.width / 2 + (point.x - view.x) * scale,
    y: size.height / 2 - (point.y - view.y) * scale,
  };
}

export function toUnit(screen: Point, view: View, size: Size): { x: number; y: number } {
  const scale = pixelsPerUnit(view, size);
  return {
    x: view.x + (screen.x - size.width / 2) / scale,
    y: view.y - (screen.y - size.height / 2) / scale,
  };
}

/**
 * Moves the picture by screen pixels; the middle of the canvas stays on the unit square, so it is
 * never lost.
 */
export function pannedBy(view: View, size: Size, by: Point): View {
  const scale = pixelsPerUnit(view, size);
  return {
    x: clamp(view.x - by.x / scale, 0, 1),
    y: clamp(view.y + by.y / scale, 0, 1),
    zoom: view.zoom,
  };
}

/** Zooms by a factor so that what lies at a screen point stays there. */
export function zoomedAt(view: View, size: Size, at: Point, factor: number): View {
  const zoom = clamp(view.zoom * factor, ZOOM_RANGE.least, ZOOM_RANGE.most);
  const kept = toUnit(at, view, size);
  const moved = toScreen(kept, { ...view, zoom }, size);
  return pannedBy({ ...view, zoom }, size, { x: at.x - moved.x, y: at.y - moved.y });
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
