import { expect, test, vi } from "vitest";
import { createMemoryPlace } from "../../src/annotations/memory_place";
import { Outbox } from "../../src/annotations/outbox";
import { eventOf } from "./annotated";

/** A place that refuses what it is told to refuse, each by itself. */
function createPlace({ notes = true } = {}) {
  const place = createMemoryPlace();
  const refused = new Set<string>();
  const asked: number[] = [];
  return {
    ...place,
    refused,
    asked,
    hold: async () => notes,
    keep: async (...[events, tell]: Parameters<typeof place.keep>) => {
      asked.push(events.length);
      if (events.some(({ id }) => refused.has(id))) throw new Error("full");
      await place.keep(events, tell);
    },
  };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test("what was refused is kept once it can be, in order, and nothing is a problem any more", async () => {
  const place = createPlace();
  const outbox = new Outbox();
  const events = ["e0", "e1", "e2"].map((example) => eventOf({ example }));
  for (const { id } of events) place.refused.add(id);
  outbox.use(place);
  outbox.add(events);
  await settle();
  expect([outbox.unsaved, outbox.problem]).toEqual([3, "full"]);
  place.refused.clear();
  outbox.retry();
  await settle();
  expect([outbox.unsaved, outbox.problem]).toEqual([0, ""]);
  expect((await place.read(0)).events).toEqual(events);
});

test("what is refused again is asked for once a time, and hinders nothing", async () => {
  const place = createPlace();
  const outbox = new Outbox();
  const bad = [eventOf({}), eventOf({})];
  for (const { id } of bad) place.refused.add(id);
  outbox.use(place);
  outbox.add(bad);
  await settle();
  const before = place.asked.length;
  outbox.retry();
  await settle();
  expect(place.asked.length).toBe(before + 1);
  outbox.add([eventOf({ example: "e1" })]);
  await settle();
  expect([outbox.unsaved, outbox.problem]).toEqual([2, "full"]);
  expect((await place.read(0)).events.map(({ example }) => example)).toEqual(["e1"]);
});

test("what a place has refused goes to the next one", async () => {
  const [first, second] = [createPlace(), createPlace()];
  const outbox = new Outbox();
  const event = eventOf({});
  first.refused.add(event.id);
  outbox.use(first);
  outbox.add([event]);
  await settle();
  outbox.use(second);
  await settle();
  expect(outbox.unsaved).toBe(0);
  expect((await second.read(0)).events).toEqual([event]);
});

test("what is noted is not lost, what is not noted is, until it is kept", async () => {
  const silent = { keep: () => new Promise<void>(() => {}) };
  const outbox = new Outbox();
  outbox.use({ ...createPlace(), ...silent });
  outbox.add([eventOf({})]);
  expect(outbox.unkept).toBe(1);
  await settle();
  expect([outbox.unsaved, outbox.unkept]).toEqual([1, 0]);
  outbox.use({ ...createPlace({ notes: false }), ...silent });
  await settle();
  expect([outbox.unsaved, outbox.unkept]).toEqual([1, 1]);
  outbox.use(createMemoryPlace());
  await vi.waitFor(() => expect(outbox.unsaved).toBe(0));
  expect(outbox.unkept).toBe(0);
});
