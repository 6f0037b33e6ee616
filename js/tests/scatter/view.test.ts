import { expect, test } from "vitest";
import { HOME, pannedBy, toScreen, toUnit, zoomedAt } from "../../src/scatter/view";

const SIZE = { width: 432, height: 232 };

test("the home view fits the unit square with a margin, y up", () => {
  expect(toScreen({ x: 0.5, y: 0.5 }, HOME, SIZE)).toEqual({ x: 216, y: 116 });
  expect(toScreen({ x: 0, y: 0 }, HOME, SIZE)).toEqual({ x: 116, y: 216 });
  expect(toScreen({ x: 1, y: 1 }, HOME, SIZE)).toEqual({ x: 316, y: 16 });
});

test("unit square to screen and back is the same place", () => {
  const view = { x: 0.3, y: 0.7, zoom: 5.5 };
  const back = toUnit(toScreen({ x: 0.12, y: 0.93 }, view, SIZE), view, SIZE);
  expect(back.x).toBeCloseTo(0.12, 12);
  expect(back.y).toBeCloseTo(0.93, 12);
});

test("zooming keeps what lies at the pointer", () => {
  const at = { x: 250, y: 90 };
  const kept = toUnit(at, HOME, SIZE);
  const zoomed = zoomedAt(HOME, SIZE, at, 3);
  expect(zoomed.zoom).toBe(3);
  expect(toScreen(kept, zoomed, SIZE).x).toBeCloseTo(at.x, 9);
  expect(toScreen(kept, zoomed, SIZE).y).toBeCloseTo(at.y, 9);
});

test("panning moves the picture by as many pixels, whatever the zoom", () => {
  const view = { x: 0.5, y: 0.5, zoom: 4 };
  const before = toScreen({ x: 0.4, y: 0.4 }, view, SIZE);
  const after = toScreen({ x: 0.4, y: 0.4 }, pannedBy(view, SIZE, { x: 30, y: -20 }), SIZE);
  expect(after.x - before.x).toBeCloseTo(30, 9);
  expect(after.y - before.y).toBeCloseTo(-20, 9);
});

test("the map can be neither panned out of sight nor zoomed away", () => {
  expect(pannedBy(HOME, SIZE, { x: -1e6, y: 1e6 })).toEqual({ x: 1, y: 1, zoom: 1 });
  expect(zoomedAt(HOME, SIZE, { x: 216, y: 116 }, 1e-9).zoom).toBe(0.5);
  expect(zoomedAt(HOME, SIZE, { x: 216, y: 116 }, 1e9).zoom).toBe(400);
});

test("a canvas without size has finite coordinates", () => {
  const { x, y } = toUnit({ x: 3, y: 4 }, HOME, { width: 0, height: 0 });
  expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
});
