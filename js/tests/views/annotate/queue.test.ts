import { expect, test } from "vitest";
import {
  makeQueue,
  nextOpen,
  shuffled,
  timeInWords,
} from "../../../src/views/annotate/queue/queue";

const MANY = Uint32Array.from({ length: 500 }, (_, i) => i);

test("a random order is a permutation that the seed decides alone", () => {
  const first = shuffled(MANY, "ada study");
  expect([...first].sort((a, b) => a - b)).toEqual([...MANY]);
  expect(shuffled(MANY.slice().reverse(), "ada study")).toEqual(first);
  expect(shuffled(MANY, "ben study")).not.toEqual(first);
});

test("a random order tells nothing of the place in the data set", () => {
  const order = shuffled(MANY, "ada study");
  const mean = (part: Uint32Array) => part.reduce((sum, one) => sum + one, 0) / part.length;
  expect(Math.abs(mean(order.slice(0, 250)) - mean(order.slice(250)))).toBeLessThan(60);
});

test("what is done comes first, and each part keeps its order", () => {
  const queue = makeQueue(Uint32Array.from([5, 3, 8, 1]), (index) => index === 8 || index === 3);
  expect([...queue.order]).toEqual([3, 8, 5, 1]);
  expect([queue.places.get(3), queue.places.get(1), queue.places.get(7)]).toEqual([
    0,
    3,
    undefined,
  ]);
});

test("the next is the first that is open after a place, else the first of all, else none", () => {
  const done = new Set([2]);
  const isDone = (index: number) => done.has(index);
  const queue = makeQueue(Uint32Array.from([0, 1, 3, 2]), () => false);
  expect(nextOpen(queue, 0, isDone)).toBe(1);
  expect(nextOpen(queue, 2, isDone)).toBe(0);
  expect(nextOpen(queue, -1, () => true)).toBeNull();
  expect(
    nextOpen(
      makeQueue(new Uint32Array(0), () => false),
      -1,
      isDone,
    ),
  ).toBeNull();
});

test("the time that is left is told in the unit that fits", () => {
  expect(timeInWords(0, 10)).toBe("");
  expect(timeInWords(4.14, 376)).toBe("4.1 s each, about 26 min left");
  expect(timeInWords(4, 3)).toBe("4.0 s each, less than a minute left");
  expect(timeInWords(4, 0)).toBe("4.0 s each");
  expect(timeInWords(4, 9000)).toBe("4.0 s each, about 10.0 h left");
});
