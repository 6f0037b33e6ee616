import { beforeEach, expect, test, vi } from "vitest";
import { signal } from "../../../src/store/reactive";
import { paintOnChange } from "../../../src/views/parts/view";
import { createRenderQueue, type RenderQueue } from "../../../src/views/shell/render_queue";
import { FakeFrames } from "../../fakes";

let frames: FakeFrames;
let queue: RenderQueue;
const afterDrawing = vi.fn();
const ending = new AbortController();

beforeEach(() => {
  frames = new FakeFrames();
  afterDrawing.mockClear();
  queue = createRenderQueue(afterDrawing);
});

function paint(draw: () => void, { signal } = ending): void {
  paintOnChange({ schedule: queue.schedule, signal }, draw);
}

test("a drawing runs once for all that it read, with the next frame", () => {
  const [one, two, unread] = [signal(1), signal(2), signal(3)];
  const drawn: number[] = [];
  paint(() => drawn.push(one.value + two.value));
  expect(drawn).toEqual([]);
  frames.draw();
  one.value = 10;
  two.value = 20;
  unread.value = 30;
  expect(drawn).toEqual([3]);
  frames.draw();
  expect(drawn).toEqual([3, 30]);
  unread.value = 31;
  expect(frames.waiting.size).toBe(0);
});

test("what must not wait is drawn when the task ends", async () => {
  const one = signal(1);
  const drawn: number[] = [];
  paint(() => drawn.push(one.value));
  frames.draw();
  one.value = 2;
  queue.scheduleNow();
  expect(drawn).toEqual([1]);
  await Promise.resolve();
  expect([drawn, frames.waiting.size]).toEqual([[1, 2], 0]);
});

test("drawings run in the order in which they were made, those that others make in the same go", () => {
  const one = signal(1);
  const drawn: string[] = [];
  paint(() => {
    drawn.push(`first ${one.value}`);
    if (one.value === 2) paint(() => drawn.push("inner"));
  });
  paint(() => drawn.push(`second ${one.value}`));
  frames.draw();
  one.value = 2;
  frames.draw();
  expect(drawn).toEqual(["first 1", "second 1", "first 2", "second 2", "inner"]);
});

test("one that fails leaves the others drawn, and is tried again with the next change", () => {
  const one = signal(1);
  const drawn: number[] = [];
  paint(() => {
    if (one.value === 1) throw new Error("no room");
    drawn.push(one.value);
  });
  paint(() => drawn.push(10 * one.value));
  expect(() => frames.draw()).toThrow("no room");
  expect(drawn).toEqual([10]);
  one.value = 2;
  frames.draw();
  expect(drawn).toEqual([10, 2, 20]);
  expect(afterDrawing).toHaveBeenCalledTimes(2);
});

test("drawings that set each other off leave the page alive", () => {
  const one = signal(1);
  paint(() => {
    void one.value;
    queue.schedule({ order: 0, run: again });
  });
  function again(): void {
    queue.schedule({ order: 0, run: again });
  }
  frames.draw();
  expect(frames.waiting.size).toBe(1);
  queue.dispose();
  expect(frames.waiting.size).toBe(0);
});

test("an ended view draws no more", () => {
  const one = signal(1);
  const own = new AbortController();
  const drawn: number[] = [];
  paint(() => drawn.push(one.value), own);
  frames.draw();
  own.abort();
  one.value = 2;
  frames.draw();
  expect(drawn).toEqual([1]);
});
