import { expect, test, vi } from "vitest";
import type { Desk } from "../../../src/annotations/contract";
import { createMemoryPlace } from "../../../src/annotations/memory_place";
import { makeQueue, type Queue } from "../../../src/views/annotate/queue/queue";
import { Tally } from "../../../src/views/annotate/queue/tally";
import { eventOf, makeDesk } from "../../annotations/annotated";

const queueOf = (indices: readonly number[]) => makeQueue(Uint32Array.from(indices), () => false);

/** The same by going through the whole queue. */
function countSlowly(desk: Desk, { order }: Queue) {
  const said = [...order].map((index) => desk.mine(index)).filter((one) => one?.verdict);
  const count = (value: string) => said.filter((one) => one?.verdict === value).length;
  const counts = desk.schema.verdicts.map(({ value }) => count(value));
  const known = counts.reduce((all, one) => all + one, 0);
  const seconds = said.map((one) => Math.min(60, one?.seconds ?? 0)).filter((one) => one > 0);
  const sum = seconds.reduce((all, one) => all + one, 0);
  return {
    counts: [...counts, said.length - known],
    done: said.length,
    secondsEach: seconds.length > 0 ? sum / seconds.length : 0,
  };
}

function expectSame(tally: Tally, desk: Desk, queue: Queue): void {
  tally.follow(queue);
  const { secondsEach, ...slow } = countSlowly(desk, queue);
  expect({ counts: tally.counts, done: tally.done }).toEqual(slow);
  expect(tally.secondsEach).toBeCloseTo(secondsEach, 9);
}

test("a tally that follows is what is counted anew, whatever is decided in between", async () => {
  const { desk } = makeDesk();
  const tally = new Tally(desk);
  const [some, all] = [queueOf([4, 2, 0]), queueOf([0, 1, 2, 3, 4, 5])];
  expectSame(tally, desk, some);
  desk.decide([0], { verdict: "correct" }, 3);
  desk.decide([1], { verdict: "ambiguous" }, 3600);
  expectSame(tally, desk, some);
  desk.decide([0, 2], { verdict: "of another schema" });
  expectSame(tally, desk, some);
  expectSame(tally, desk, all);
  desk.undo();
  desk.undo();
  expectSame(tally, desk, all);
  desk.setAnnotator("otto");
  expectSame(tally, desk, all);
  await desk.use(createMemoryPlace([eventOf({ example: "e3", latency: 100 })]));
  expectSame(tally, desk, all);
  desk.setAnnotator("jana");
  expectSame(tally, desk, all);
  expect(tally.secondsEach).toBe(3);
});

test("what a key costs does not grow with the queue", () => {
  const labels = Array.from({ length: 3000 }, (_, i) => i % 3);
  const { desk } = makeDesk({}, { labels, map: false, images: false });
  const queue = queueOf(labels.map((_, i) => i));
  const tally = new Tally(desk);
  tally.follow(queue);
  const asked = vi.spyOn(desk, "mine");
  desk.decide([7], { verdict: "correct" });
  tally.follow(queue);
  tally.follow(queue);
  expect(tally.done).toBe(1);
  expect(asked.mock.calls.length).toBeLessThan(5);
});
