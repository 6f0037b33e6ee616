/**
 * The scatter: points, view, surface and gestures joined.
 *
 * Every change replaces a piece of the scene and asks for a drawing; nothing here draws. Hovering,
 * clicking and the lasso read the same positions that are drawn, at the current, fractional probe.
 */

import type { PickMode, Scatter, ScatterEvents, ScatterOptions, Theme, Tool } from "./contract";
import { readColor } from "./drawing/color";
import { frameOf, NO_PALETTE, type Scene } from "./drawing/frame";
import { diameterOf } from "./drawing/marks";
import {
  type Blend,
  blendAt,
  NO_POINTS,
  positionAt,
  withColors,
  withPositions,
  withShapes,
  withStates,
} from "./drawing/points";
import { Surface } from "./drawing/surface";
import { shownInBox, shownInside } from "./outline";
import { Gestures, type GestureTarget } from "./pointer/gestures";
import { createLassoTrace, type LassoTrace } from "./pointer/lasso_trace";
import { listenToKeys, listenToWheel, type NavigationTarget } from "./pointer/navigation";
import { nearestShown } from "./pointer/nearest";
import {
  HOME,
  type Point,
  pannedBy,
  pixelsPerUnit,
  type Size,
  toScreen,
  toUnit,
  zoomedAt,
} from "./view";

const REACH_PIXELS = 6;

export function createScatter(
  parent: HTMLElement,
  events: ScatterEvents,
  options: ScatterOptions = {},
): Scatter {
  return new PointScatter(parent, events, options);
}

class PointScatter implements Scatter {
  readonly canvas = createCanvas();
  readonly #box = createBox();
  readonly #trace: LassoTrace = createLassoTrace();
  readonly #events: ScatterEvents;
  readonly #surface: Surface;
  readonly #listening = new AbortController();
  #scene: Scene = { points: NO_POINTS, probe: 0, view: HOME, palette: NO_PALETTE };
  #tool: Tool = "lasso";
  #held: Size | null = null;
  hovered: number | null = null;

  constructor(parent: HTMLElement, events: ScatterEvents, options: ScatterOptions) {
    this.#events = events;
    this.#box.append(this.canvas, this.#trace.element);
    parent.append(this.#box);
    this.#surface = new Surface(this.canvas, {
      renderer: options.renderer,
      nextFrame: () => this.#nextFrame(),
      onDrawn: () => {
        // What is moved over the points asks for many places: each would measure the canvas anew.
        this.#held = this.#size();
        events.onDrawn?.();
        this.#held = null;
      },
    });
    this.#listen();
    this.setTool("lasso");
  }

  get renderer(): "webgl2" | "canvas2d" {
    return this.#surface.renderer;
  }

  setPositions(positions: Uint16Array, probes: number, count: number): void {
    this.#change({ points: withPositions(this.#scene.points, positions, probes, count) });
  }

  setProbe(probe: number): void {
    if (!Number.isFinite(probe)) throw new RangeError(`setProbe expects a number, got ${probe}.`);
    this.#change({ probe });
  }

  setColors(rgb: Uint8Array): void {
    this.#change({ points: withColors(this.#scene.points, rgb) });
  }

  setStates(states: Uint8Array): void {
    this.#change({ points: withStates(this.#scene.points, states) });
  }

  setShapes(shapes: Uint8Array): void {
    this.#change({ points: withShapes(this.#scene.points, shapes) });
  }

  setTheme(theme: Theme): void {
    const { background, dimmed, selection } = theme;
    this.#trace.setColor(selection);
    this.#change({
      palette: {
        background: readColor(background),
        dimmed: readColor(dimmed),
        selection: readColor(selection),
      },
    });
  }

  setTool(tool: Tool): void {
    this.#tool = tool;
    this.canvas.style.cursor = tool === "pan" ? "grab" : "crosshair";
    this.canvas.style.touchAction = tool === "none" ? "pan-y" : "none";
  }

  drawNow(): void {
    this.#surface.drawNow();
  }

  zoomBy(factor: number): void {
    const { width, height } = this.#size();
    this.#zoomAt({ x: width / 2, y: height / 2 }, factor);
  }

  panBy(dx: number, dy: number): void {
    this.#change({ view: pannedBy(this.#scene.view, this.#size(), { x: dx, y: dy }) });
  }

  resetView(): void {
    this.#change({ view: HOME });
  }

  screenPosition(index: number, probe = this.#scene.probe): { x: number; y: number } {
    const { points, view } = this.#scene;
    if (!(index in points.states)) {
      throw new RangeError(`Unknown point ${index}; there are ${points.count} points.`);
    }
    return toScreen(positionAt(points, blendAt(points, probe), index), view, this.#size());
  }

  onScreen(place: Point): { x: number; y: number } {
    return toScreen(place, this.#scene.view, this.#size());
  }

  get measures() {
    const size = this.#size();
    return { ...size, point: diameterOf(this.#scene.points.count, this.#scene.view, size) };
  }

  get zoom(): number {
    return this.#scene.view.zoom;
  }

  inSight(most: number): Uint32Array | null {
    const { points, view } = this.#scene;
    const size = this.#size();
    const corner = { x: size.width, y: size.height };
    const box = { from: toUnit({ x: 0, y: 0 }, view, size), to: toUnit(corner, view, size) };
    return shownInBox(points, this.#blend(), box, most);
  }

  addLayer(): HTMLCanvasElement {
    const layer = document.createElement("canvas");
    layer.ariaHidden = "true";
    Object.assign(layer.style, { position: "absolute", inset: "0", pointerEvents: "none" });
    Object.assign(layer.style, { width: "100%", height: "100%" });
    this.#trace.element.before(layer);
    return layer;
  }

  dispose(): void {
    this.#listening.abort();
    this.#surface.dispose();
    this.#box.remove();
  }

  #change(changes: Partial<Scene>): void {
    this.#scene = { ...this.#scene, ...changes };
    this.#surface.requestDraw();
  }

  #nextFrame() {
    const size = this.#size();
    if (size.width === 0 || size.height === 0) return null;
    return frameOf(this.#scene, size, globalThis.devicePixelRatio || 1);
  }

  #listen(): void {
    const { signal } = this.#listening;
    const pan = (by: Point) => this.panBy(by.x, by.y);
    const resetView = () => this.resetView();
    const pointer: GestureTarget = {
      tool: () => this.#tool,
      pan,
      resetView,
      zoomAt: (at, factor) => this.#zoomAt(at, factor),
      pick: (at, mode) => this.#events.onPick(this.#nearest(at), mode),
      lasso: (outline, mode) => this.#lasso(outline, mode),
      hover: (at) => this.#hover(at && this.#nearest(at)),
      trace: (outline) => this.#trace.show(outline),
    };
    const gestures = new Gestures(this.canvas, pointer, signal);
    const navigation: NavigationTarget = {
      pan,
      resetView,
      zoom: (factor, at) => (at ? this.#zoomAt(at, factor) : this.zoomBy(factor)),
      setTool: (tool) => {
        this.setTool(tool);
        this.#events.onTool?.(tool);
      },
      selectInSight: (mode) => {
        const indices = this.inSight(this.#scene.points.count);
        this.#events.onLasso(indices ?? new Uint32Array(0), mode);
      },
      cancelLasso: () => gestures.cancelLasso(),
    };
    listenToKeys(this.canvas, navigation, signal);
    listenToWheel(this.canvas, navigation, signal);
  }

  #zoomAt(at: Point, factor: number): void {
    this.#change({ view: zoomedAt(this.#scene.view, this.#size(), at, factor) });
  }

  #nearest(at: Point): number | null {
    const { points, view } = this.#scene;
    const size = this.#size();
    const pixels = diameterOf(points.count, view, size) / 2 + REACH_PIXELS;
    const reach = pixels / pixelsPerUnit(view, size);
    return nearestShown(points, this.#blend(), toUnit(at, view, size), reach);
  }

  #lasso(outline: readonly Point[], mode: PickMode): void {
    const { points, view } = this.#scene;
    const size = this.#size();
    const corners = outline.map((corner) => toUnit(corner, view, size));
    this.#events.onLasso(shownInside(points, this.#blend(), corners), mode);
  }

  #hover(index: number | null): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.#events.onHover(index);
  }

  #blend(): Blend {
    return blendAt(this.#scene.points, this.#scene.probe);
  }

  #size(): Size {
    return this.#held ?? { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
  }
}

function createBox(): HTMLElement {
  const box = document.createElement("div");
  Object.assign(box.style, {
    position: "relative",
    width: "100%",
    height: "100%",
    overflow: "hidden",
  });
  return box;
}

function createCanvas(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("data-depthviz-canvas", "");
  canvas.tabIndex = 0;
  Object.assign(canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
  Object.assign(canvas.style, { display: "block", outlineOffset: "-2px" });
  return canvas;
}
