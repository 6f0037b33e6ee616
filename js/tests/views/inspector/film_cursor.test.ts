import { expect, test } from "vitest";
import { createFilmCursor, MOVES } from "../../../src/views/inspector/film/film_cursor";

const NEIGHBORS = [[1, 2, 3], [4], [], [5, 6]];

function press(cursor: ReturnType<typeof createFilmCursor>, key: string): boolean {
  return cursor.moveBy(MOVES[key] as NonNullable<(typeof MOVES)[string]>, NEIGHBORS);
}

test("keys walk along a row, to its ends and no further", () => {
  const cursor = createFilmCursor(4);
  for (const [key, place] of [
    ["ArrowLeft", 0],
    ["ArrowRight", 1],
    ["End", 2],
    ["ArrowRight", 2],
    ["Home", 0],
  ] as const) {
    expect(press(cursor, key)).toBe(true);
    expect([cursor.probe, cursor.place]).toEqual([0, place]);
  }
});

test("a shorter row takes its last frame, an empty one none", () => {
  const cursor = createFilmCursor(4);
  press(cursor, "End");
  press(cursor, "ArrowDown");
  expect([cursor.probe, cursor.place]).toEqual([1, 0]);
  expect(press(cursor, "ArrowDown")).toBe(false);
  expect([cursor.probe, cursor.place]).toEqual([1, 0]);
});

test("where the row of the cursor has become empty it goes to the first row that is not", () => {
  const cursor = createFilmCursor(4);
  cursor.moveTo(2, 5);
  cursor.settle(NEIGHBORS);
  expect([cursor.probe, cursor.place]).toEqual([0, 2]);
});
