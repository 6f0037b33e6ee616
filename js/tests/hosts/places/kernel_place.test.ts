import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  createKernelPlace,
  type KernelPlace,
  LOST,
  WAITING,
} from "../../../src/hosts/places/kernel_place";
import { eventOf } from "../../annotations/annotated";
import { FakeStore } from "./fake_store";

interface Sent {
  readonly type: string;
  readonly id: string;
  readonly act: string;
  readonly events: { readonly id: string }[];
}

let sent: Sent[];
let store: FakeStore;
let place: KernelPlace;
let send: (message: object) => void;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  store = new FakeStore();
  send = (message) => void sent.push(message as Sent);
  place = createKernelPlace((message) => send(message), "store and study", store);
});
afterEach(() => {
  place.dispose();
  vi.useRealTimers();
});

const EVENTS = [eventOf({}), eventOf({ example: "e1" })];

/** Keep events, and tell how that goes. */
function keep() {
  const told: string[] = [];
  const state = { done: false, failed: "", told };
  const kept = place.keep(EVENTS, (words) => void told.push(words));
  kept.then(
    () => (state.done = true),
    (reason: Error) => (state.failed = reason.message),
  );
  return state;
}

function answer(more: object = {}, to = sent.at(-1)): void {
  place.receive({ type: "annotate", id: to?.id, act: "keep", ...more });
}

test("what was decided is noted in the browser until Python has it", async () => {
  expect(await place.hold?.(EVENTS)).toBe(true);
  expect(await place.left?.()).toEqual(EVENTS);
  const state = keep();
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toHaveLength(1);
  expect(state.done).toBe(false);
  answer();
  await vi.advanceTimersByTimeAsync(1);
  expect(state).toEqual({ done: true, failed: "", told: [] });
  expect(await place.left?.()).toEqual([]);
});

test("a request that is not answered is sent again under its name, and told from then on", async () => {
  const state = keep();
  await vi.advanceTimersByTimeAsync(3100);
  expect(sent.map(({ id }) => id)).toEqual([sent[0]?.id, sent[0]?.id]);
  expect(state.told).toEqual([]);
  await vi.advanceTimersByTimeAsync(6100);
  expect(sent).toHaveLength(3);
  expect(state.told).toEqual([WAITING]);
  answer();
  await vi.advanceTimersByTimeAsync(200_000);
  expect(sent).toHaveLength(3);
  expect(state.done).toBe(true);
});

test("what passes is tried again, what lasts is refused and stays noted", async () => {
  const state = keep();
  await vi.advanceTimersByTimeAsync(1);
  answer({ reason: "The disk is full.", lasting: false });
  expect(state.told).toEqual(["The disk is full."]);
  await vi.advanceTimersByTimeAsync(3100);
  expect(sent).toHaveLength(2);
  answer({ reason: "No event.", lasting: true });
  await vi.advanceTimersByTimeAsync(1);
  expect(state.failed).toBe("No event.");
  expect(await place.left?.()).toHaveLength(2);
});

test("nothing is sent to a kernel that is gone, and all at once when it is back", async () => {
  place.lose();
  const state = keep();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(sent).toHaveLength(0);
  expect(state.told).toEqual([LOST]);
  place.resume();
  expect(sent).toHaveLength(1);
  answer();
  await vi.advanceTimersByTimeAsync(1);
  expect(state.done).toBe(true);
});

test("a kernel to which nothing can be sent is gone", async () => {
  send = () => {
    throw new Error("Cannot send");
  };
  const state = keep();
  await vi.advanceTimersByTimeAsync(1);
  expect(state.told).toEqual([LOST]);
});

test("what another view has brought to Python is kept", async () => {
  place.lose();
  const state = keep();
  await vi.advanceTimersByTimeAsync(5000);
  expect(state.done).toBe(false);
  const another = createKernelPlace(() => {}, "store and study", store);
  const left = (await another.left?.()) ?? [];
  await store.acknowledge(
    "pending/store and study",
    left.map(({ id }) => id),
  );
  await vi.advanceTimersByTimeAsync(2100);
  expect(state.done).toBe(true);
});

test("what another view was told to be kept is marked as kept", async () => {
  place.lose();
  const state = keep();
  await vi.advanceTimersByTimeAsync(1);
  const another = createKernelPlace(
    (message) => void sent.push(message as Sent),
    "store and study",
    store,
  );
  const left = (await another.left?.()) ?? [];
  void another.keep(left, () => {});
  await vi.advanceTimersByTimeAsync(1);
  another.receive({ type: "annotate", id: sent.at(-1)?.id, act: "keep" });
  await vi.advanceTimersByTimeAsync(2100);
  expect(state.done).toBe(true);
  another.dispose();
});

test("what the browser has forgotten is not believed to be kept, and noted again", async () => {
  place.lose();
  const state = keep();
  await vi.advanceTimersByTimeAsync(2100);
  store.clear();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state.done).toBe(false);
  expect(await place.left?.()).toEqual(EVENTS);
  place.resume();
  answer();
  await vi.advanceTimersByTimeAsync(1);
  expect(state.done).toBe(true);
});

test("of two that another view has brought one by one neither is believed before both are", async () => {
  place.lose();
  const state = keep();
  await vi.advanceTimersByTimeAsync(1);
  for (const { id } of EVENTS) {
    expect(state.done).toBe(false);
    await store.acknowledge("pending/store and study", [id]);
    await vi.advanceTimersByTimeAsync(2100);
  }
  expect(state.done).toBe(true);
});

test("a browser that keeps nothing hinders nothing, and is not said to keep anything", async () => {
  store.full = true;
  expect(await place.hold?.(EVENTS)).toBe(false);
  const state = keep();
  place.lose();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(state.done).toBe(false);
  expect(state.told.at(-1)).toContain("This browser keeps nothing");
  expect(state.told.at(-1)).not.toContain("kept in this browser");
  place.resume();
  answer();
  await vi.advanceTimersByTimeAsync(1);
  expect(state.done).toBe(true);
});

test("what is read is checked, and what is no answer changes nothing", async () => {
  const read = place.read(3);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent[0]).toMatchObject({ act: "read", after: 3 });
  for (const message of [null, 7, {}, { type: "annotate" }, { type: "annotate", id: 5 }])
    place.receive(message);
  answer({ events: [...EVENTS, { id: 3 }, null, { ...EVENTS[0], time: "soon" }], number: 9 });
  expect(await read).toEqual({ events: EVENTS, number: 9, more: false });
});

test("what cannot be read is told to whoever asked, and asked anew by them", async () => {
  const failed = (reason: Error) => reason.message;
  const first = place.read(0).catch(failed);
  await vi.advanceTimersByTimeAsync(1);
  answer({ reason: "It is locked.", lasting: false });
  expect(await first).toBe("It is locked.");
  const second = place.read(0).catch(failed);
  await vi.advanceTimersByTimeAsync(1);
  place.lose();
  expect(await second).toBe(LOST);
  expect(await place.read(0).catch(failed)).toBe(LOST);
});

test("nothing goes on after the end", async () => {
  keep();
  place.dispose();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(sent).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
