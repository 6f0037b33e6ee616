/**
 * Stand-ins for what happy-dom lacks: layout, frames, sightings and a 2-D canvas that keeps its
 * pixels.
 */

import { vi } from "vitest";
import type { ScatterEvents } from "../../src/scatter";

export const SIZE = { width: 232, height: 132 };

export interface Browser {
  /** Runs the frames that were asked for; tells how many. */
  runFrames(): number;
  sight(isIntersecting: boolean): void;
  readonly observing: Set<object>;
  /** The image last put on any canvas. */
  readonly shown: { pixels: Uint8ClampedArray | null; puts: number };
}

export function fakeBrowser(): Browser {
  const frames = new Map<number, FrameRequestCallback>();
  let lastFrame = 0;
  const watchers: ((entries: { isIntersecting: boolean }[]) => void)[] = [];
  const browser: Browser = {
    runFrames() {
      const due = [...frames.values()];
      frames.clear();
      for (const frame of due) frame(0);
      return due.length;
    },
    sight(isIntersecting) {
      for (const watcher of watchers) watcher([{ isIntersecting }]);
    },
    observing: new Set(),
    shown: { pixels: null, puts: 0 },
  };
  class Observer {
    observe() {
      browser.observing.add(this);
    }
    disconnect() {
      browser.observing.delete(this);
    }
  }
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal(
    "IntersectionObserver",
    class extends Observer {
      constructor(onSight: (entries: { isIntersecting: boolean }[]) => void) {
        super();
        watchers.push(onSight);
      }
    },
  );
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => {
    frames.set(++lastFrame, frame);
    return lastFrame;
  });
  vi.stubGlobal("cancelAnimationFrame", (id: number) => frames.delete(id));
  vi.stubGlobal("devicePixelRatio", 1);
  fakeCanvas(browser);
  return browser;
}

function fakeCanvas(browser: Browser): void {
  const { prototype } = HTMLCanvasElement;
  vi.spyOn(prototype, "clientWidth", "get").mockReturnValue(SIZE.width);
  vi.spyOn(prototype, "clientHeight", "get").mockReturnValue(SIZE.height);
  vi.spyOn(prototype, "setPointerCapture").mockImplementation(() => {});
  vi.spyOn(prototype, "getContext").mockImplementation(function (
    this: HTMLCanvasElement,
    kind: string,
  ) {
    return kind === "2d" ? fakeContext(this, browser) : null;
  } as never);
}

/** Knows colors as `#rrggbb`, and images. */
function fakeContext(canvas: HTMLCanvasElement, { shown }: Browser) {
  return {
    canvas,
    fillStyle: "#000000",
    fillRect() {},
    getImageData() {
      const color = Number.parseInt(this.fillStyle.slice(1), 16);
      return { data: [color >> 16, (color >> 8) & 255, color & 255, 255] };
    },
    createImageData: (width: number, height: number) => ({
      width,
      height,
      data: new Uint8ClampedArray(width * height * 4),
    }),
    putImageData(image: { data: Uint8ClampedArray }) {
      shown.pixels = image.data;
      shown.puts += 1;
    },
  };
}

/** Events that write down what they are told. */
export function recordEvents(): ScatterEvents & { log: unknown[][] } {
  const log: unknown[][] = [];
  return {
    log,
    onPick: (index, mode) => log.push(["pick", index, mode]),
    onLasso: (indices, mode) => log.push(["lasso", [...indices], mode]),
    onHover: (index) => log.push(["hover", index]),
  };
}

/** Numbers in 0..1 that are the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function colorAt(pixels: Uint8ClampedArray, x: number, y: number): number[] {
  const at = (Math.floor(y) * SIZE.width + Math.floor(x)) * 4;
  return [...pixels.slice(at, at + 3)];
}
