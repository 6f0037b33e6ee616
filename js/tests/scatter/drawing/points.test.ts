import { expect, test } from "vitest";
import {
  blendAt,
  drawingOrder,
  HIGHLIGHTED,
  NO_POINTS,
  positionAt,
  SELECTED,
  SHOWN,
  withColors,
  withPositions,
  withStates,
} from "../../../src/scatter/drawing/points";

/** One point, moving from a corner over the middle of an edge to the opposite corner. */
const MOVING = withPositions(NO_POINTS, Uint16Array.of(0, 0, 65535, 0, 65535, 65535), 3, 1);

test.each([
  [0, 0, 0],
  [0.25, 0.25, 0],
  [1, 1, 0],
  [1.5, 1, 0.5],
  [2, 1, 1],
])("at probe %f the point is at (%f, %f)", (probe, x, y) => {
  expect(positionAt(MOVING, blendAt(MOVING, probe), 0)).toEqual({ x, y });
});

test("a probe outside the range is the nearest one in it", () => {
  expect(positionAt(MOVING, blendAt(MOVING, -3), 0)).toEqual({ x: 0, y: 0 });
  expect(positionAt(MOVING, blendAt(MOVING, 9), 0)).toEqual({ x: 1, y: 1 });
});

test("points are drawn by layer, in their own order inside each", () => {
  const states = Uint8Array.of(
    SHOWN | SELECTED,
    SHOWN,
    HIGHLIGHTED,
    0,
    SHOWN,
    SELECTED,
    SHOWN | SELECTED,
  );
  expect([...drawingOrder(states)]).toEqual([3, 5, 1, 4, 0, 6, 2]);
});

test("new points start shown, and forget the colors of the old", () => {
  const colored = withColors(MOVING, Uint8Array.of(1, 2, 3));
  const more = withPositions(colored, new Uint16Array(4), 1, 2);
  expect([...more.states]).toEqual([SHOWN, SHOWN]);
  expect([...more.colors]).toEqual([128, 128, 128, 128, 128, 128]);
  expect(more.revision.colors).toBeGreaterThan(colored.revision.colors);
});

test("other positions of the same points keep colors and states", () => {
  const states = Uint8Array.of(SHOWN | SELECTED);
  const selected = withStates(MOVING, states);
  const moved = withPositions(selected, new Uint16Array(2), 1, 1);
  expect(moved.states).toBe(states);
  expect(moved.revision.states).toBe(selected.revision.states);
  expect(moved.revision.positions).toBeGreaterThan(selected.revision.positions);
});

test("an array of the wrong length is refused with both lengths", () => {
  expect(() => withColors(MOVING, new Uint8Array(4))).toThrow("setColors expects 3 values, got 4");
  expect(() => withPositions(NO_POINTS, new Uint16Array(7), 2, 2)).toThrow("8 values, got 7");
  expect(() => withPositions(NO_POINTS, new Uint16Array(0), 0, 3)).toThrow("at least one probe");
});
