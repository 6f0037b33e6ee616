import { expect, test } from "vitest";
import { measureFilm, measureHalf } from "../../../src/views/inspector/film/measures";

test("rows take the free height between 40 and 76 pixels", () => {
  const rowAt = (height: number) => measureFilm({ width: 700, height }, 8, 30).row;
  expect([0, 200, 480, 2000].map(rowAt)).toEqual([40, 40, 60, 76]);
});

test("pictures fill the width exactly and are no wider than a row is high", () => {
  for (const width of [320, 440, 640, 1060, 1900]) {
    const { row, name, curve, columns } = measureFilm({ width, height: 480 }, 8, 30);
    const strip = width - name - curve - 12;
    expect(strip / columns).toBeLessThanOrEqual(row);
    if (columns > 1 && columns < 30) expect(strip / (columns - 1)).toBeGreaterThan(row);
  }
});

test("there are no more columns than neighbors", () => {
  expect(measureFilm({ width: 1900, height: 400 }, 8, 5).columns).toBe(5);
  expect(measureFilm({ width: 900, height: 400 }, 8, 0).columns).toBe(1);
  expect(measureHalf({ width: 500, height: 400 }, 8, 3).columns).toBe(3);
});

test("frames with texts are wide and tall enough to be read, one where there is no more space", () => {
  const wide = measureFilm({ width: 640, height: 400, worded: true }, 11, 30);
  expect([wide.row, wide.columns]).toEqual([60, 3]);
  expect(measureFilm({ width: 340, height: 0, worded: true }, 11, 30).columns).toBe(1);
});
