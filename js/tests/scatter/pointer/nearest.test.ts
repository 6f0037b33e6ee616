import { expect, test } from "vitest";
import {
  blendAt,
  NO_POINTS,
  positionAt,
  withPositions,
  withStates,
} from "../../../src/scatter/drawing/points";
import { nearestShown } from "../../../src/scatter/pointer/nearest";
import { seededRandom } from "../fakes";

const COUNT = 300;

function randomPoints() {
  const random = seededRandom(7);
  const positions = Uint16Array.from({ length: COUNT * 2 * 3 }, () => random() * 65535);
  const states = Uint8Array.from({ length: COUNT }, () => +(random() < 0.5));
  return withStates(withPositions(NO_POINTS, positions, 3, COUNT), states);
}

test("the nearest point is the one that sorting all distances puts first", () => {
  const points = randomPoints();
  const random = seededRandom(8);
  for (let trial = 0; trial < 50; trial++) {
    const blend = blendAt(points, random() * 2);
    const place = { x: random(), y: random() };
    const [first] = [...points.states.keys()]
      .filter((index) => points.states[index])
      .map((index) => ({ index, at: positionAt(points, blend, index) }))
      .sort((a, b) => distance(a.at, place) - distance(b.at, place));
    expect(nearestShown(points, blend, place, 2)).toBe(first?.index);
  }
});

test("beyond the reach there is none", () => {
  const points = withPositions(NO_POINTS, Uint16Array.of(65535, 0), 1, 1);
  const blend = blendAt(points, 0);
  expect(nearestShown(points, blend, { x: 0.9, y: 0 }, 0.11)).toBe(0);
  expect(nearestShown(points, blend, { x: 0.9, y: 0 }, 0.09)).toBe(null);
});

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
