/**
 * Keys and wheel on a canvas: pan, zoom, reset, tools, and selecting what is in sight.
 *
 * What is used here goes no further, all else bubbles untouched: a notebook has keys of its own,
 * and the wheel is the notebook's until the canvas has the focus or Ctrl (a pinch on a trackpad
 * sends it) or Meta is held.
 */

import type { PickMode, Tool } from "../contract";
import type { Point } from "../view";

export interface NavigationTarget {
  pan(by: Point): void;
  /** Zooms at a place in CSS pixels inside the canvas, or at its middle. */
  zoom(factor: number, at?: Point): void;
  resetView(): void;
  setTool(tool: Tool): void;
  selectInSight(mode: PickMode): void;
  /** Drops a lasso under way; returns whether there was one. */
  cancelLasso(): boolean;
}

const TOOLS: Readonly<Record<string, Tool>> = { l: "lasso", r: "box", p: "pan" };
const KEY_PIXELS = 40;
const KEY_FACTOR = 1.25;
const PIXELS_OF_LINE = 16;
const PIXELS_OF_PAGE = 400;
const WHEEL_RATE = 0.002;
const PINCH_RATE = 0.01;

export function listenToKeys(
  canvas: HTMLElement,
  target: NavigationTarget,
  signal: AbortSignal,
): void {
  canvas.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      if (event.key === "Enter") {
        target.selectInSight(modeOf(event));
        keep(event);
      } else if (!event.altKey && useKey(event.key, target)) keep(event);
    },
    { signal },
  );
}

export function listenToWheel(
  canvas: HTMLElement,
  target: NavigationTarget,
  signal: AbortSignal,
): void {
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey && !hasFocus(canvas)) return;
      keep(event);
      const box = canvas.getBoundingClientRect();
      target.zoom(wheelFactor(event), { x: event.clientX - box.left, y: event.clientY - box.top });
    },
    { signal, passive: false },
  );
}

/** Arrows move what is looked at, so the picture moves the other way. */
function useKey(key: string, target: NavigationTarget): boolean {
  if (key === "Escape") return target.cancelLasso();
  const tool = Object.hasOwn(TOOLS, key) ? TOOLS[key] : undefined;
  if (tool) target.setTool(tool);
  else if (key === "ArrowLeft") target.pan({ x: KEY_PIXELS, y: 0 });
  else if (key === "ArrowRight") target.pan({ x: -KEY_PIXELS, y: 0 });
  else if (key === "ArrowUp") target.pan({ x: 0, y: KEY_PIXELS });
  else if (key === "ArrowDown") target.pan({ x: 0, y: -KEY_PIXELS });
  else if (key === "+" || key === "=") target.zoom(KEY_FACTOR);
  else if (key === "-") target.zoom(1 / KEY_FACTOR);
  else if (key === "0") target.resetView();
  else return false;
  return true;
}

/** What a modifier makes of a selection, for the pointer and the keys alike. */
export function modeOf(event: { shiftKey: boolean; altKey: boolean }): PickMode {
  if (event.shiftKey) return "add";
  return event.altKey ? "subtract" : "replace";
}

function wheelFactor(event: WheelEvent): number {
  const unit = [1, PIXELS_OF_LINE, PIXELS_OF_PAGE][event.deltaMode] ?? 1;
  const pixels = Math.min(Math.max(event.deltaY * unit, -200), 200);
  const pinching = event.ctrlKey && Math.abs(pixels) < 50;
  return Math.exp(-pixels * (pinching ? PINCH_RATE : WHEEL_RATE));
}

function hasFocus(element: HTMLElement): boolean {
  const root = element.getRootNode() as Document | ShadowRoot;
  return root.activeElement === element;
}

function keep(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
