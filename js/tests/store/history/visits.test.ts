import { expect, test } from "vitest";
import { createVisits } from "../../../src/store/history/visits";

test("goes back and forward among what was looked at", () => {
  const visits = createVisits();
  expect(visits.go(-1)).toBeNull();
  for (const index of [4, 7, 2]) visits.add(index, "jump");
  expect([visits.canGoBack, visits.canGoForward]).toEqual([true, false]);
  expect([visits.go(-1), visits.go(-1), visits.go(-1)]).toEqual([7, 4, null]);
  expect(visits.go(1)).toBe(7);
});

test("a new example ends the way forward", () => {
  const visits = createVisits();
  for (const index of [4, 7, 2]) visits.add(index, "jump");
  visits.go(-1);
  visits.add(9, "jump");
  expect(visits.canGoForward).toBe(false);
  expect([visits.go(-1), visits.go(-1)]).toEqual([7, 4]);
});

test("a walk is one visit, of its last step", () => {
  const visits = createVisits();
  visits.add(1, "jump");
  for (const index of [2, 3, 4, 5]) visits.add(index, "step");
  visits.add(9, "jump");
  expect([visits.go(-1), visits.go(-1)]).toEqual([5, 1]);
});

test("keeps the last two hundred", () => {
  const visits = createVisits();
  for (let index = 0; index < 500; index++) visits.add(index, "jump");
  let steps = 0;
  let first = 499;
  for (let index = visits.go(-1); index !== null; index = visits.go(-1)) {
    steps++;
    first = index;
  }
  expect([steps, first]).toEqual([199, 300]);
});
