/**
 * What a scatter promises to the view that holds it.
 *
 * Indices are rows of the arrays that the view hands in. A scatter keeps those arrays without
 * copying them; after changing one in place, hand it in again. It knows neither the store nor the
 * host.
 */

export type PickMode = "replace" | "add" | "subtract";

/** What a drag does; with none, one finger scrolls the page. */
export type Tool = "lasso" | "box" | "pan" | "none";

export interface ScatterEvents {
  /** A click: the nearest shown point within a few pixels, or null on empty ground. */
  onPick(index: number | null, mode: PickMode): void;
  /** The shown points inside a freehand outline or a box, or all in sight, ascending. */
  onLasso(indices: Uint32Array, mode: PickMode): void;
  /** The shown point under the pointer, or where a finger rests, reported only when it changes. */
  onHover(index: number | null): void;
  /** A key has chosen another tool. */
  onTool?(tool: Tool): void;
  /** The points have just been drawn anew: whatever lies over them can follow. */
  onDrawn?(): void;
}

/** CSS colors, without `var()`. */
export interface Theme {
  background: string;
  dimmed: string;
  selection: string;
}

export interface ScatterOptions {
  /** Which painter draws; chosen by what the browser has where it is left open. */
  renderer?: "webgl2" | "canvas2d";
}

export interface Scatter {
  readonly canvas: HTMLCanvasElement;
  readonly renderer: "webgl2" | "canvas2d";
  /**
   * Positions of shape (P, N, 2), x right and y up, 0..65535. A new count resets colors, shapes and
   * states.
   */
  setPositions(positions: Uint16Array, probes: number, count: number): void;
  /** A fractional probe lies between two: the points stand at the mix of both. */
  setProbe(probe: number): void;
  /** Shape (N, 3). */
  setColors(rgb: Uint8Array): void;
  /** One byte a point: see SHOWN, SELECTED, HIGHLIGHTED and ABSENT. */
  setStates(states: Uint8Array): void;
  /** One byte a point: see SHAPES. */
  setShapes(shapes: Uint8Array): void;
  setTheme(theme: Theme): void;
  setTool(tool: Tool): void;
  /** Draw what has changed at once, and not with the next frame. */
  drawNow(): void;
  zoomBy(factor: number): void;
  /** Moves the picture by CSS pixels, right and down. */
  panBy(dx: number, dy: number): void;
  resetView(): void;
  /** CSS pixels inside the canvas, at the current view and at a probe, by default the current. */
  screenPosition(index: number, probe?: number): { x: number; y: number };
  /** CSS pixels inside the canvas of a place in the unit square, y up. */
  onScreen(place: { readonly x: number; readonly y: number }): { x: number; y: number };
  /** CSS pixels: of the canvas, and the diameter of a point. */
  readonly measures: { readonly width: number; readonly height: number; readonly point: number };
  /** The point last reported as under the pointer or a finger. */
  readonly hovered: number | null;
  /** 1 shows the whole map. */
  readonly zoom: number;
  /** The shown points that lie on the canvas, ascending; null where they are more than `most`. */
  inSight(most: number): Uint32Array | null;
  /** A canvas over the points, blind to the pointer; whoever asks for it draws on it. */
  addLayer(): HTMLCanvasElement;
  dispose(): void;
}
