import { beforeEach, expect, test, vi } from "vitest";
import { createScatter, HIGHLIGHTED, type Scatter, SELECTED, SHOWN } from "../../src/scatter";
import { type Browser, colorAt, fakeBrowser, recordEvents, SIZE } from "./fakes";

const THEME = { background: "#ffffff", dimmed: "#cccccc", selection: "#0000ff" };
const WHITE = [255, 255, 255];
const RED = [200, 0, 0];

let browser: Browser;

beforeEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
  browser = fakeBrowser();
});

/** One red point that moves from left to right over the middle: on screen x = 66 to 166, y = 66. */
function makeScatter(events = recordEvents()): Scatter {
  const scatter = createScatter(document.body, events, { renderer: "canvas2d" });
  scatter.setPositions(Uint16Array.of(0, 32768, 65535, 32768), 2, 1);
  scatter.setColors(Uint8Array.from(RED));
  scatter.setTheme(THEME);
  return scatter;
}

function draw(): Uint8ClampedArray {
  browser.sight(true);
  browser.runFrames();
  if (!browser.shown.pixels) throw new Error("nothing was drawn");
  return browser.shown.pixels;
}

function expectColor(actual: number[], expected: number[]): void {
  actual.forEach((value, channel) => {
    expect(Math.abs(value - (expected[channel] as number))).toBeLessThanOrEqual(1);
  });
}

test("a point is drawn in its color where screenPosition says", () => {
  const scatter = makeScatter();
  for (const probe of [0, 0.3, 1]) {
    scatter.setProbe(probe);
    const pixels = draw();
    const { x, y } = scatter.screenPosition(0);
    expect(x).toBeCloseTo(66 + 100 * probe, 1);
    expectColor(colorAt(pixels, x, y), RED);
    expectColor(colorAt(pixels, x + 15, y), WHITE);
  }
});

test("drawing now waits for no frame where the canvas is in sight, and what was drawn is not drawn again", () => {
  const scatter = makeScatter();
  const place = vi.spyOn(scatter.canvas, "getBoundingClientRect");
  place.mockReturnValue(new DOMRect(0, innerHeight + 10, SIZE.width, SIZE.height));
  scatter.drawNow();
  expect(browser.shown.pixels).toBeFalsy();
  place.mockReturnValue(new DOMRect(0, 0, SIZE.width, SIZE.height));
  scatter.setProbe(0);
  scatter.drawNow();
  const pixels = browser.shown.pixels;
  expectColor(colorAt(pixels as Uint8ClampedArray, 66, 66), RED);
  browser.sight(true);
  browser.runFrames();
  expect(browser.shown.pixels).toBe(pixels);
});

test("a point that is not shown is drawn in the dimmed color", () => {
  const scatter = makeScatter();
  scatter.setStates(Uint8Array.of(0));
  expectColor(colorAt(draw(), 66, 66), [204, 204, 204]);
});

test("a selected point has a ring in the selection's color, a highlighted one in ink", () => {
  const scatter = makeScatter();
  const along = () => {
    const pixels = draw();
    return Array.from({ length: 16 }, (_, step) => colorAt(pixels, 66 + step, 66));
  };
  const bluest = () => Math.max(...along().map(([red = 0, , blue = 0]) => blue - red));
  const darkest = () => Math.min(...along().map(([red = 0, green = 0]) => Math.max(red, green)));
  expect(bluest()).toBe(0);
  scatter.setStates(Uint8Array.of(SHOWN | SELECTED));
  expect(bluest()).toBeGreaterThan(150);
  expect(darkest()).toBeLessThan(100);
  scatter.setStates(Uint8Array.of(SHOWN | HIGHLIGHTED));
  expect(bluest()).toBe(0);
  expect(darkest()).toBe(0);
});

test("a selected point lies over its neighbors", () => {
  const scatter = createScatter(document.body, recordEvents(), { renderer: "canvas2d" });
  scatter.setPositions(new Uint16Array(6).fill(32768), 1, 3);
  scatter.setColors(Uint8Array.of(...RED, 0, 200, 0, 0, 0, 200));
  scatter.setTheme(THEME);
  expectColor(colorAt(draw(), 116, 66), [0, 0, 200]);
  scatter.setStates(Uint8Array.of(SHOWN, SHOWN | SELECTED, SHOWN));
  expectColor(colorAt(draw(), 116, 66), [0, 200, 0]);
});

test("a ring is hollow", () => {
  const scatter = makeScatter();
  scatter.setShapes(Uint8Array.of(7));
  expectColor(colorAt(draw(), 66, 66), WHITE);
});

test("points at and beyond the border are clipped to it", () => {
  const scatter = makeScatter();
  scatter.zoomBy(3);
  scatter.panBy(34, 0);
  expect(scatter.screenPosition(0).x).toBeCloseTo(0, 1);
  expectColor(colorAt(draw(), 1, 66), RED);
  scatter.zoomBy(100);
  const pixels = draw();
  expect(new Set(pixels)).toEqual(new Set([255]));
});

test("many changes make one drawing, and no change makes none", () => {
  const scatter = makeScatter();
  draw();
  const { puts } = browser.shown;
  for (let step = 0; step < 10; step++) scatter.setProbe(step / 10);
  expect(browser.runFrames()).toBe(1);
  expect(browser.runFrames()).toBe(0);
  expect(browser.shown.puts).toBe(puts + 1);
});

test("nothing is drawn before the canvas is seen, or while it has no size", () => {
  makeScatter();
  browser.runFrames();
  expect(browser.shown.pixels).toBe(null);
  vi.spyOn(HTMLCanvasElement.prototype, "clientHeight", "get").mockReturnValue(0);
  browser.sight(true);
  browser.runFrames();
  expect(browser.shown.pixels).toBe(null);
});

test("the canvas has as many pixels as the screen", () => {
  vi.stubGlobal("devicePixelRatio", 2);
  const scatter = makeScatter();
  draw();
  expect([scatter.canvas.width, scatter.canvas.height]).toEqual([2 * SIZE.width, 2 * SIZE.height]);
});

test("without WebGL2 the renderer is canvas2d, asked for or not", () => {
  const scatter = createScatter(document.body, recordEvents());
  expect(scatter.renderer).toBe("canvas2d");
});

test("no points at all draw an empty ground", () => {
  const scatter = makeScatter();
  scatter.setPositions(new Uint16Array(0), 1, 0);
  expect(new Set(draw())).toEqual(new Set([255]));
});

test("a probe that is no number and a point that is none are refused", () => {
  const scatter = makeScatter();
  expect(() => scatter.setProbe(Number.NaN)).toThrow("setProbe expects a number, got NaN.");
  expect(() => scatter.screenPosition(1)).toThrow("Unknown point 1; there are 1 points.");
});

test("dispose leaves no element, observer, frame or listener", () => {
  const added = vi.spyOn(HTMLCanvasElement.prototype, "addEventListener");
  const events = recordEvents();
  const scatter = makeScatter(events);
  expect(browser.observing.size).toBe(2);
  scatter.dispose();
  scatter.setProbe(1);
  expect(browser.observing.size).toBe(0);
  expect(browser.runFrames()).toBe(0);
  expect(document.body.childElementCount).toBe(0);
  expect(added.mock.calls.length).toBeGreaterThan(8);
  for (const [, , options] of added.mock.calls) {
    expect((options as AddEventListenerOptions).signal?.aborted).toBe(true);
  }
  scatter.canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: 66, clientY: 66 }));
  expect(events.log).toEqual([]);
});
