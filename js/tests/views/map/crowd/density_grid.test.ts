import { expect, test } from "vitest";
import { CELLS, countCrowd, MARGIN, SIDE } from "../../../../src/views/map/crowd/density_grid";
import { seededRandom } from "../../../scatter/fakes";

const FULL = 65536;

/** Examples at places of the unit square, y up. */
function crowdOf(
  points: readonly (readonly [x: number, y: number, code: number])[],
  isShown: (index: number) => boolean = () => true,
) {
  const places = Uint16Array.from(points.flatMap(([x, y]) => [x * FULL, y * FULL]));
  return countCrowd(places, 3, (i) => (isShown(i) ? (points[i]?.[2] ?? 3) : -1));
}

function cloud(x: number, y: number, code: number, count: number, seed = 1) {
  const random = seededRandom(seed);
  const near = (middle: number) => middle + 0.06 * (random() - 0.5);
  return Array.from({ length: count }, () => [near(x), near(y), code] as const);
}

test("a class has its place where its own examples are densest", () => {
  const { places, counts } = crowdOf([
    ...cloud(0.2, 0.8, 0, 200),
    ...cloud(0.7, 0.3, 0, 60),
    ...cloud(0.7, 0.3, 1, 100),
  ]);
  expect(counts).toEqual([260, 100, 0, 0]);
  expect(places[0]?.x).toBeCloseTo(0.2, 1);
  expect(places[0]?.y).toBeCloseTo(0.8, 1);
  expect(places[1]?.x).toBeCloseTo(0.7, 1);
  expect(places[2]).toBe(null);
});

test("where it is less than 30 % of what is there it has no place, however dense it is", () => {
  const crowd = (own: number) =>
    crowdOf([...cloud(0.5, 0.5, 0, 100), ...cloud(0.5, 0.5, 1, own), ...cloud(0.2, 0.2, 1, 5)]);
  expect(crowd(30).places[1]).toBe(null);
  expect(crowd(60).places[1]?.x).toBeCloseTo(0.5, 1);
});

test("what is not shown counts for nothing", () => {
  const points = [...cloud(0.5, 0.5, 0, 300), ...cloud(0.5, 0.5, 1, 50)];
  expect(crowdOf(points).places[1]).toBe(null);
  const { places, counts, density } = crowdOf(points, (i) => i >= 300);
  expect(counts).toEqual([0, 50, 0, 0]);
  expect(places[0]).toBe(null);
  expect(places[1]?.y).toBeCloseTo(0.5, 1);
  expect(density.reduce((sum, one) => sum + one, 0)).toBeCloseTo(50, 1);
});

test("the density of one example is the same to all sides, and falls with the distance", () => {
  const middle = MARGIN + CELLS / 2;
  const { density } = crowdOf([[0.5, 0.5 - 0.5 / CELLS, 0]]);
  const at = (right: number, down: number) => density[(middle + down) * SIDE + middle + right] ?? 0;
  for (let far = 1; far < 8; far++) {
    const sides = [at(far, 0), at(-far, 0), at(0, far), at(0, -far)];
    for (const side of sides) expect(side).toBeCloseTo(at(far, 0), 6);
    expect(at(far, 0)).toBeLessThan(at(far - 1, 0));
  }
});

test("few examples are blurred more than many", () => {
  const { density: few } = crowdOf(cloud(0.5, 0.5, 0, 300));
  const { density: many } = crowdOf(cloud(0.5, 0.5, 0, 30_000));
  expect(Math.max(...few) / 300).toBeLessThan(Math.max(...many) / 30_000);
});

test("without classes all that is shown is one crowd, also at the edges", () => {
  const { counts, density } = countCrowd(Uint16Array.of(0, 0, 65535, 65535), 0, () => 0);
  expect(counts).toEqual([2]);
  expect(density.reduce((sum, one) => sum + one, 0)).toBeCloseTo(2, 0);
});

test("where nothing is shown there is no density and no place", () => {
  const { density, places } = countCrowd(Uint16Array.of(1, 1), 1, () => -1);
  expect(Math.max(...density)).toBe(0);
  expect(places).toEqual([null, null]);
});
