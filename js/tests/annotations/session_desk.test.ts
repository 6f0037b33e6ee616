import { expect, test, vi } from "vitest";
import type { Place } from "../../src/annotations/contract";
import { createMemoryPlace } from "../../src/annotations/memory_place";
import { deskOf, openDesk } from "../../src/annotations/session_desk";
import { makeAnnotatedStore, SETTINGS } from "./annotated";

/** Whether a browser asks before it leaves the page. */
function asksBeforeLeaving(): boolean {
  return !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

test("who leaves the page is asked only while something would be lost with it", async () => {
  const store = makeAnnotatedStore();
  let full = true;
  const kept = createMemoryPlace();
  const place: Place = {
    ...kept,
    keep: (events, tell) => (full ? Promise.reject(new Error("full")) : kept.keep(events, tell)),
  };
  const close = openDesk(store, { sessionId: "leaving", annotated: { settings: SETTINGS, place } });
  const { desk } = deskOf(store);
  expect(asksBeforeLeaving()).toBe(false);
  desk?.decide([0], { verdict: "correct" });
  await vi.waitFor(() => expect(desk?.problem).toBe("full"));
  expect(asksBeforeLeaving()).toBe(true);
  full = false;
  await desk?.refresh();
  await vi.waitFor(() => expect(desk?.unsaved).toBe(0));
  expect(asksBeforeLeaving()).toBe(false);
  full = true;
  desk?.decide([1], { verdict: "correct" });
  close();
  expect(asksBeforeLeaving()).toBe(false);
});
