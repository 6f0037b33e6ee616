import { expect, test } from "vitest";
import { diameterOf, markOf } from "../../../src/scatter/drawing/marks";
import { HIGHLIGHTED, SELECTED, SHOWN } from "../../../src/scatter/drawing/points";
import { HOME } from "../../../src/scatter/view";

const SIZE = { width: 800, height: 600 };

test("points get smaller as they get more, and larger by zooming, within limits", () => {
  const diameters = [10, 1_000, 5_000, 60_000, 1e7].map((n) => diameterOf(n, HOME, SIZE));
  expect(diameters).toEqual([...diameters].sort((a, b) => b - a));
  expect(diameters[0]).toBe(7);
  expect(diameters.at(-1)).toBe(1.8);
  const near = diameterOf(3_000, { ...HOME, zoom: 2 }, SIZE);
  expect(near).toBeCloseTo(Math.SQRT2 * diameterOf(3_000, HOME, SIZE), 9);
});

test("selected points are larger than shown ones, dimmed smaller, highlighted largest", () => {
  const states = [0, SHOWN, SHOWN | SELECTED, SHOWN | HIGHLIGHTED];
  const radii = states.map((state) => markOf(state, 10, 1).radius);
  expect(radii).toEqual([...new Set(radii)].sort((a, b) => a - b));
});

test("a ring tells selected, a second one highlighted; dimmed points have no outline", () => {
  const widths = (state: number) => {
    const { outline, selection, ink } = markOf(state, 10, 1);
    return [outline, selection - outline, ink - selection];
  };
  expect(widths(0)).toEqual([0, 0, 0]);
  expect(widths(SELECTED)).toEqual([0, 0, 0]);
  expect(widths(SHOWN)).toEqual([1, 0, 0]);
  expect(widths(SHOWN | SELECTED)).toEqual([1, 1.25, 0]);
  expect(widths(SHOWN | HIGHLIGHTED)).toEqual([1, 0, 2]);
  expect(widths(SHOWN | SELECTED | HIGHLIGHTED)).toEqual([1, 1.25, 2]);
});

test("a mark is as large on a dense screen, in twice the pixels", () => {
  const once = markOf(SHOWN | SELECTED, 10, 1);
  const twice = markOf(SHOWN | SELECTED, 10, 2);
  expect(twice.radius).toBe(2 * once.radius);
  expect(twice.selection).toBe(2 * once.selection);
});
