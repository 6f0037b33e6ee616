import { expect, test } from "vitest";
import { distanceTo, EXTENTS, SHAPES } from "../../../src/scatter/drawing/shapes";

const RING = SHAPES.indexOf("ring");

/** Areas by counting places of a fine grid. */
function areaOf(shape: number): number {
  let inside = 0;
  for (let x = -2; x < 2; x += 0.02) {
    for (let y = -2; y < 2; y += 0.02) inside += +(distanceTo(shape, x, y) < 0);
  }
  return inside * 0.02 ** 2;
}

test.each(SHAPES.map((name, shape) => [name, shape] as const))(
  "a %s looks about as large as the circle and stays inside its extent",
  (_, shape) => {
    expect(areaOf(shape)).toBeGreaterThan(0.6 * areaOf(0));
    expect(areaOf(shape)).toBeLessThan(1.1 * areaOf(0));
    const extent = (EXTENTS[shape] as number) + 0.001;
    for (let side = -2; side <= 2; side += 0.01) {
      for (const edge of [-extent, extent]) {
        expect(distanceTo(shape, side, edge)).toBeGreaterThan(0);
        expect(distanceTo(shape, edge, side)).toBeGreaterThan(0);
      }
    }
  },
);

test("all shapes but the ring cover their middle", () => {
  const covering = SHAPES.map((_, shape) => distanceTo(shape, 0, 0) < 0);
  expect(covering).toEqual(SHAPES.map((_, shape) => shape !== RING));
});
