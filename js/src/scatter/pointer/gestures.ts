/**
 * Pointer gestures on a canvas: click, drag with the tool, drag to pan, pinch, long press, hover.
 *
 * A box spans the corners where the drag began and where it is. A drag begins once the pointer has
 * moved a few pixels; until then its release is a click, unless a finger has rested: that is for others to act upon. The primary
 * button does what the tool says, every other button pans. Shift and Alt count as they are when the
 * button goes down. Two fingers zoom and pan, and end whatever one finger had begun. Knows neither
 * points nor views.
 */

import type { PickMode, Tool } from "../contract";
import type { Point } from "../view";
import { modeOf } from "./navigation";

/** What gestures lead to; places are CSS pixels inside the canvas. */
export interface GestureTarget {
  tool(): Tool;
  pan(by: Point): void;
  zoomAt(at: Point, factor: number): void;
  resetView(): void;
  pick(at: Point, mode: PickMode): void;
  lasso(outline: readonly Point[], mode: PickMode): void;
  hover(at: Point | null): void;
  /** Shows the outline as far as it is drawn; an empty one is none. */
  trace(outline: readonly Point[]): void;
}

interface Drag {
  readonly pointer: number;
  readonly tool: Tool;
  readonly mode: PickMode;
  readonly primary: boolean;
  /** How far the pointer may stray in a click, and until when that may end. */
  readonly slop: number;
  readonly until: number;
  readonly path: Point[];
  moved: boolean;
}

const CLICK_PIXELS = 4;
const TAP_PIXELS = 10;
const HOLD_MS = 500;
const TRACE_PIXELS = 2;

export class Gestures {
  readonly #canvas: HTMLCanvasElement;
  readonly #target: GestureTarget;
  readonly #touches = new Map<number, Point>();
  #drag: Drag | null = null;

  constructor(canvas: HTMLCanvasElement, target: GestureTarget, signal: AbortSignal) {
    this.#canvas = canvas;
    this.#target = target;
    canvas.addEventListener("pointerdown", (event) => this.#onDown(event), { signal });
    canvas.addEventListener("pointermove", (event) => this.#onMove(event), { signal });
    canvas.addEventListener("pointerup", (event) => this.#onUp(event), { signal });
    canvas.addEventListener("pointercancel", (event) => this.#onCancel(event), { signal });
    canvas.addEventListener("pointerleave", () => this.#onLeave(), { signal });
    canvas.addEventListener("dblclick", () => target.resetView(), { signal });
    canvas.addEventListener("mousedown", preventAutoscroll, { signal });
    canvas.addEventListener("contextmenu", preventMenu, { signal });
    // Browsers swallow the tap after a finger that left in a hurry, unless its moves are taken.
    canvas.addEventListener("touchmove", (e) => target.tool() === "none" || e.preventDefault(), {
      signal,
    });
  }

  /** Drops a lasso or box under way; returns whether there was one. */
  cancelLasso(): boolean {
    const tracing = this.#drag && this.#drag.path.length > 1;
    if (tracing) this.#endDrag();
    return tracing ?? false;
  }

  #onDown(event: PointerEvent): void {
    const at = this.#place(event);
    this.#canvas.focus({ preventScroll: true, focusVisible: false });
    this.#canvas.setPointerCapture(event.pointerId);
    if (event.pointerType === "touch") this.#touches.set(event.pointerId, at);
    if (this.#touches.size > 1) {
      this.#endDrag();
      this.#target.hover(null);
    } else this.#drag ??= this.#startDrag(event, at);
  }

  #startDrag(event: PointerEvent, at: Point): Drag {
    const primary = event.button === 0;
    const isFinger = event.pointerType === "touch";
    if (isFinger) this.#target.hover(at);
    return {
      pointer: event.pointerId,
      tool: primary ? this.#target.tool() : "pan",
      mode: modeOf(event),
      primary,
      slop: isFinger ? TAP_PIXELS : CLICK_PIXELS,
      until: isFinger ? event.timeStamp + HOLD_MS : Infinity,
      path: [at],
      moved: false,
    };
  }

  #onMove(event: PointerEvent): void {
    const at = this.#place(event);
    if (this.#touches.size > 1) this.#pinch(event.pointerId, at);
    if (this.#touches.has(event.pointerId)) this.#touches.set(event.pointerId, at);
    if (this.#touches.size > 1) return;
    if (this.#drag?.pointer === event.pointerId) this.#moveDrag(this.#drag, at);
    else if (!this.#drag && event.buttons === 0) this.#target.hover(at);
  }

  #onUp(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    this.#endDrag();
    if (drag.path.length > 1) this.#target.lasso(drag.path, drag.mode);
    const clicks = !drag.moved && drag.primary && event.timeStamp < drag.until;
    if (clicks) this.#target.pick(this.#place(event), drag.mode);
  }

  #onCancel(event: PointerEvent): void {
    this.#touches.delete(event.pointerId);
    if (this.#drag?.pointer === event.pointerId) this.#endDrag();
  }

  #onLeave(): void {
    if (!this.#drag) this.#target.hover(null);
  }

  #moveDrag(drag: Drag, at: Point): void {
    const last = (drag.tool === "box" ? drag.path[0] : drag.path.at(-1)) as Point;
    if (!drag.moved && distance(last, at) < drag.slop) return;
    if (!drag.moved) this.#target.hover(null);
    drag.moved = true;
    if (drag.tool === "none") return;
    if (drag.tool === "pan") {
      this.#target.pan({ x: at.x - last.x, y: at.y - last.y });
      drag.path[0] = at;
    } else if (drag.tool === "box") {
      drag.path.splice(0, Infinity, ...corners(drag.path[0] as Point, at));
      this.#target.trace(drag.path);
    } else if (distance(last, at) >= TRACE_PIXELS) {
      drag.path.push(at);
      this.#target.trace(drag.path);
    }
  }

  #pinch(pointer: number, at: Point): void {
    const before = this.#touches.get(pointer);
    const other = [...this.#touches].find(([id]) => id !== pointer)?.[1];
    if (!before || !other) return;
    this.#target.pan({ x: (at.x - before.x) / 2, y: (at.y - before.y) / 2 });
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    this.#target.zoomAt(
      middle,
      Math.max(distance(at, other), 1) / Math.max(distance(before, other), 1),
    );
  }

  #endDrag(): void {
    this.#drag = null;
    this.#target.trace([]);
  }

  #place(event: MouseEvent): Point {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}

/** The box between two opposite corners, the first one first. */
function corners(from: Point, to: Point): Point[] {
  return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function preventAutoscroll(event: MouseEvent): void {
  if (event.button === 1) event.preventDefault();
}

/**
 * The right button pans, and on some systems the menu would open before the drag; the host has
 * menus too.
 */
function preventMenu(event: MouseEvent): void {
  event.preventDefault();
  event.stopPropagation();
}
