import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { linkFrames } from "../../src/session";
import { indicesOf } from "../../src/store/selection";
import { makeStore } from "../study";

/** Channels of one page that receive each other at once, as frames of one origin do. */
class FakeChannel {
  static open = new Set<FakeChannel>();
  static posts = 0;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly name: string) {
    FakeChannel.open.add(this);
  }

  postMessage(data: unknown): void {
    FakeChannel.posts++;
    for (const other of FakeChannel.open) {
      if (other !== this && other.name === this.name) {
        other.onmessage?.({ data: structuredClone(data) });
      }
    }
  }

  close(): void {
    FakeChannel.open.delete(this);
  }
}

beforeEach(() => {
  FakeChannel.open.clear();
  FakeChannel.posts = 0;
  vi.useFakeTimers();
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  vi.spyOn(window, "parent", "get").mockReturnValue({} as Window & typeof globalThis);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("what is selected and filtered in one frame is so in the other, and is told once", () => {
  const [one, other] = [makeStore(), makeStore()];
  const stops = [linkFrames(one, "study"), linkFrames(other, "study")];
  one.select([1, 4], "replace");
  one.setFilter("label", [1]);
  one.setProbe(2);
  vi.advanceTimersByTime(1000);
  expect([...indicesOf(other.selection.flags)]).toEqual([1, 4]);
  expect([other.filters.kept("label"), other.probe]).toEqual([[1], 2]);
  expect(FakeChannel.posts).toBe(1);
  other.undo.undo();
  vi.advanceTimersByTime(1000);
  expect(one.filters.names).toEqual([]);
  for (const stop of stops) stop();
  expect(FakeChannel.open.size).toBe(0);
});

test("other studies, pages by themselves and pages without frames are left alone", () => {
  const [one, other] = [makeStore(), makeStore()];
  linkFrames(one, "study");
  linkFrames(other, "another study");
  linkFrames(makeStore(), "page");
  vi.spyOn(window, "parent", "get").mockReturnValue(window);
  linkFrames(makeStore(), "study");
  one.select([1], "replace");
  vi.advanceTimersByTime(1000);
  expect(other.selection.count).toBe(0);
  expect(FakeChannel.open.size).toBe(2);
});

test("what is no message is not believed", () => {
  const store = makeStore();
  linkFrames(store, "study");
  const [channel] = FakeChannel.open;
  for (const data of [null, "x", { selection: [1], state: {} }, { selection: new Uint8Array(1) }]) {
    channel?.onmessage?.({ data });
  }
  channel?.onmessage?.({
    data: { selection: Uint8Array.of(0b10), state: { filters: { no: [1] } } },
  });
  expect([store.selection.count, store.filters.names]).toEqual([1, []]);
});

test("nothing is told after the end", () => {
  const store = makeStore();
  const stop = linkFrames(store, "study");
  store.select([1], "replace");
  stop();
  vi.advanceTimersByTime(1000);
  expect(FakeChannel.posts).toBe(0);
});
