import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WAITING } from "../../src/hosts/kernel/delivery";
import { createKernelHost } from "../../src/hosts/kernel/kernel_host";
import { LOST } from "../../src/hosts/kernel/writer";
import { FakeModel } from "../fakes";
import { makeStudy } from "../study";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A view whose kernel hears nothing, and the words that stand in it. */
function create() {
  const model = new FakeModel(makeStudy());
  const host = createKernelHost(model);
  const words = { wait: "", error: "" };
  host.onWait((wait) => (words.wait = wait));
  host.onError((error) => (words.error = error));
  model.silent = true;
  return { model, host, words };
}

test("an answered write is neither mentioned nor sent again", () => {
  const { model, host, words } = create();
  model.silent = false;
  host.writeUiState({ probe: 1 });
  vi.runAllTimers();
  expect([model.saves, model.again.length, words.wait]).toEqual([1, 0, ""]);
});

test("without an answer the page says so and sends again, ever more rarely", () => {
  const { model, host, words } = create();
  host.writeSelection(Uint8Array.of(5));
  host.writeUiState({ probe: 1 });
  vi.advanceTimersByTime(2_100);
  expect([words.wait, model.again.length]).toEqual(["", 0]);
  vi.advanceTimersByTime(100);
  expect(words.wait).toBe("");
  expect(model.again).toMatchObject([
    { selection: [5], ui_state: { probe: 1 }, written: { number: 1 } },
  ]);
  vi.advanceTimersByTime(4_000);
  expect([words.wait, model.again.length]).toEqual([WAITING, 2]);
  vi.advanceTimersByTime(3_600_000);
  expect(model.again.length).toBeLessThan(12);
  model.hear(model.again[0]?.written);
  expect(words.wait).toBe("");
  expect(vi.getTimerCount()).toBe(0);
});

test("what is sent again is the last, and an answer to an earlier write ends nothing", () => {
  const { model, host, words } = create();
  host.writeSelection(Uint8Array.of(1));
  vi.advanceTimersByTime(200);
  const first = model.get("_written");
  host.writeSelection(Uint8Array.of(3));
  vi.advanceTimersByTime(2_000);
  expect(model.again).toMatchObject([{ selection: [3], written: { number: 2 } }]);
  vi.advanceTimersByTime(4_000);
  model.hear(first);
  expect(words.wait).toBe(WAITING);
  model.hear(model.again[0]?.written);
  expect(words.wait).toBe("");
});

test("answers to other pages, older ones and nonsense are left alone", () => {
  const { model, host, words } = create();
  host.writeSelection(Uint8Array.of(1));
  vi.advanceTimersByTime(8_000);
  const { page } = model.get("_written") as { page: string };
  for (const answer of [
    null,
    { page: "other", number: 1 },
    { page, number: "1" },
    { page, number: 0 },
  ])
    model.hear(answer);
  expect(words.wait).toBe(WAITING);
});

test("back on the network, what waits is sent at once", () => {
  const { model, host } = create();
  window.dispatchEvent(new Event("online"));
  expect(model.again.length).toBe(0);
  host.writeSelection(Uint8Array.of(1));
  vi.advanceTimersByTime(500);
  window.dispatchEvent(new Event("online"));
  expect(model.again.length).toBe(1);
  host.dispose();
  window.dispatchEvent(new Event("online"));
  expect(model.again.length).toBe(1);
});

test("a kernel that is gone is waited for no more, and gets what waits when it is found", () => {
  const { model, host, words } = create();
  const { send } = model;
  host.writeSelection(Uint8Array.of(1));
  vi.advanceTimersByTime(8_000);
  model.loseKernel();
  expect(words).toEqual({ wait: "", error: LOST });
  expect(vi.getTimerCount()).toBe(0);
  model.send = send;
  model.again.length = 0;
  model.findKernel();
  expect([words.error, model.again.length]).toEqual(["", 1]);
});
