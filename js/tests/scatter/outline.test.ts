import { expect, test } from "vitest";
import { blendAt, NO_POINTS, withPositions, withStates } from "../../src/scatter/drawing/points";
import { insideTest, shownInside } from "../../src/scatter/outline";
import type { Point } from "../../src/scatter/view";
import { seededRandom } from "./fakes";

/** The even-odd rule over all edges, as it stands in the books. */
function insideSlowly(outline: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  outline.forEach((a, index) => {
    const b = outline[(index + 1) % outline.length] as Point;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  });
  return inside;
}

function randomOutline(corners: number, random: () => number): Point[] {
  return Array.from({ length: corners }, () => ({ x: random(), y: random() }));
}

test.each([3, 4, 17, 200])("an outline of %d random corners holds what the slow test says", (n) => {
  const random = seededRandom(n);
  const outline = randomOutline(n, random);
  const inside = insideTest(outline);
  for (let trial = 0; trial < 2000; trial++) {
    const [x, y] = [random(), random()];
    expect(inside(x, y)).toBe(insideSlowly(outline, x, y));
  }
});

test("the points where corners share a height are judged like all others", () => {
  const outline = [0, 2, 1, 2, 0, 1].map((y, x) => ({ x, y }));
  const inside = insideTest(outline);
  for (let x = 0; x <= 5; x += 0.25) {
    for (const y of [0, 0.5, 1, 1.5, 2]) expect(inside(x, y)).toBe(insideSlowly(outline, x, y));
  }
});

test("where an outline crosses itself, twice inside is outside", () => {
  const square = [0, 1, 2, 3].map((i) => ({ x: +(i === 1 || i === 2), y: +(i > 1) }));
  expect(insideTest(square)(0.5, 0.5)).toBe(true);
  expect(insideTest([...square, ...square])(0.5, 0.5)).toBe(false);
});

test.each([
  ["no corner", []],
  ["one corner", [{ x: 1, y: 1 }]],
  ["a line", [0, 1].map((x) => ({ x, y: 1 }))],
])("%s holds nothing", (_, outline) => {
  expect(insideTest(outline)(1, 1)).toBe(false);
});

test("a lasso takes shown points only, where they stand at the mix of two probes", () => {
  const positions = Uint16Array.of(0, 0, 0, 0, 65535, 65535, 65535, 65535, 65535, 65535, 0, 0);
  const points = withStates(withPositions(NO_POINTS, positions, 2, 3), Uint8Array.of(1, 0, 1));
  const middle = [
    { x: 0.4, y: 0.4 },
    { x: 0.6, y: 0.4 },
    { x: 0.6, y: 0.6 },
    { x: 0.4, y: 0.6 },
  ];
  expect([...shownInside(points, blendAt(points, 0), middle)]).toEqual([]);
  expect([...shownInside(points, blendAt(points, 0.5), middle)]).toEqual([0, 2]);
});
