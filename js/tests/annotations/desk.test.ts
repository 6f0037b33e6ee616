import { describe, expect, test, vi } from "vitest";
import type { AnnotationEvent, Place } from "../../src/annotations/contract";
import { createMemoryPlace } from "../../src/annotations/memory_place";
import { effect } from "../../src/store/reactive";
import { eventOf, makeDesk } from "./annotated";

function eventsOf(log: string): AnnotationEvent[] {
  return log
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

describe("a decision", () => {
  test("holds at once, in the columns, filters and counts", () => {
    const { desk, store } = makeDesk();
    desk.decide([1], { verdict: "wrong label", label: "frog" }, 2.5);
    expect(desk.mine(1)).toEqual({
      annotator: "jana",
      kind: "human",
      verdict: "wrong label",
      label: "frog",
      note: null,
      tags: [],
      seconds: 2.5,
    });
    expect(desk.done).toBe(1);
    store.setFilter("verdict", [0]);
    expect([...store.listing]).toEqual([1]);
    desk.undo();
    expect([...store.listing]).toEqual([]);
    expect(desk.done).toBe(0);
  });

  test("of many examples is one step, taken back at once", () => {
    const { desk } = makeDesk();
    desk.decide([0, 1, 2], { verdict: "correct", tags: { blurred: true } }, 3);
    const events = eventsOf(desk.log());
    expect(events).toHaveLength(6);
    expect(new Set(events.map(({ batch }) => batch)).size).toBe(1);
    expect(events.map(({ latency }) => latency)).toEqual([1, null, 1, null, 1, null]);
    expect(desk.undo()).toEqual([0, 1, 2]);
    expect(desk.mine(0)).toBeNull();
    expect(desk.redo()).toEqual([0, 1, 2]);
    expect(desk.mine(2)?.tags).toEqual(["blurred"]);
    expect(desk.canRedo).toBe(false);
  });

  test("that says nothing new is no event", () => {
    const { desk } = makeDesk();
    desk.decide([0], { verdict: "correct" });
    desk.decide([0], { verdict: "correct", tags: { blurred: false } });
    expect(eventsOf(desk.log())).toHaveLength(1);
  });

  test("is nobody's while nobody has said a name", () => {
    const { desk } = makeDesk({ annotator: "" });
    desk.decide([0], { verdict: "correct" });
    expect(desk.log()).toBe("");
    desk.setAnnotator(" jana ");
    desk.decide([0], { verdict: "correct" });
    expect(eventsOf(desk.log())[0]?.annotator).toBe("jana");
  });

  test("bears a name that Python takes", () => {
    const { desk } = makeDesk({ annotator: "half \ud800" });
    expect(desk.annotator).toBe("half \ufffd");
    desk.setAnnotator("\u{1f600} a\0b \udc00");
    desk.decide([0], { verdict: "correct" });
    expect(eventsOf(desk.log())[0]?.annotator).toBe("\u{1f600} a\ufffdb \ufffd");
  });

  test("that the label is right takes the other class back", () => {
    const { desk } = makeDesk();
    desk.decide([0], { verdict: "wrong label", label: "dog" });
    desk.decide([0], { verdict: "correct" });
    expect(desk.mine(0)?.label).toBeNull();
    desk.undo();
    expect(desk.mine(0)).toMatchObject({ verdict: "wrong label", label: "dog" });
  });

  test("comes after all of one's own, also where the clock goes back", () => {
    const { desk } = makeDesk();
    const clock = vi.spyOn(Date, "now").mockReturnValue(2_000_000_000_000);
    desk.decide([0], { verdict: "correct" });
    clock.mockReturnValue(1_000_000_000_000);
    desk.decide([0], { verdict: "ambiguous" });
    expect(desk.mine(0)?.verdict).toBe("ambiguous");
    const [first, second] = eventsOf(desk.log());
    expect(second?.value).toBe("ambiguous");
    expect((first?.id ?? "") < (second?.id ?? "")).toBe(true);
    expect((first?.time ?? "") < (second?.time ?? "")).toBe(true);
  });
});

describe("what others say", () => {
  test("is hidden in blind mode until one's own verdict, and never in the columns", async () => {
    const { desk, store } = makeDesk({ blind: true });
    await desk.use(createMemoryPlace([eventOf({ value: "ambiguous" })]));
    expect(desk.hides(0)).toBe(true);
    expect(desk.others(0)).toEqual([]);
    expect(store.counts("verdict")[2]).toBe(0);
    desk.decide([0], { verdict: "correct" });
    expect(desk.hides(0)).toBe(false);
    expect(desk.others(0)).toHaveLength(1);
    expect(store.counts("verdict")[4]).toBe(0);
    desk.setBlind(false);
    expect(store.counts("verdict")[4]).toBe(1);
  });

  test("is read anew and leaves undoing one's own", async () => {
    const { desk } = makeDesk();
    const place = createMemoryPlace();
    await desk.use(place);
    desk.decide([0], { verdict: "correct" });
    await place.keep([eventOf({ example: "e1" })], () => {});
    await desk.refresh();
    expect(desk.others(1)).toHaveLength(1);
    expect(desk.undo()).toEqual([0]);
    expect(desk.canUndo).toBe(false);
  });
});

test("what cannot be read is a problem until it can", async () => {
  const { desk } = makeDesk();
  const place = createMemoryPlace();
  let fails = true;
  await desk.use({
    ...place,
    read: (after) => (fails ? Promise.reject(new Error("locked")) : place.read(after)),
  });
  expect(desk.problem).toBe("locked");
  fails = false;
  await desk.refresh();
  expect(desk.problem).toBe("");
});

describe("what is not kept yet", () => {
  test("is counted, goes to the next place, and in order", async () => {
    const { desk } = makeDesk();
    const silent: Place = { ...createMemoryPlace(), keep: () => new Promise(() => {}) };
    await desk.use(silent);
    desk.decide([0], { verdict: "correct" });
    desk.decide([1], { verdict: "ambiguous" });
    const counted: number[] = [];
    const stop = effect(() => void counted.push(desk.unsaved));
    expect(desk.unsaved).toBe(2);
    const place = createMemoryPlace();
    await desk.use(place);
    await vi.waitFor(() => expect(desk.unsaved).toBe(0));
    expect((await place.read(0)).events.map(({ example }) => example)).toEqual(["e0", "e1"]);
    expect(counted.at(-1)).toBe(0);
    stop();
  });

  test("is counted with its reason where it never can be, and stays in the log", async () => {
    const { desk } = makeDesk();
    const full: Place = { ...createMemoryPlace(), keep: () => Promise.reject(new Error("full")) };
    await desk.use(full);
    desk.decide([0], { verdict: "correct" });
    await vi.waitFor(() => expect(desk.problem).toBe("full"));
    expect(desk.unsaved).toBe(1);
    expect(eventsOf(desk.log())).toHaveLength(1);
  });

  test("that an earlier page has left is taken over and kept", async () => {
    const { desk } = makeDesk();
    const place = createMemoryPlace();
    await desk.use({ ...place, left: async () => [eventOf({ annotator: "jana" })] });
    expect(desk.mine(0)?.verdict).toBe("correct");
    await vi.waitFor(() => expect(desk.unsaved).toBe(0));
    expect((await place.read(0)).events).toHaveLength(1);
    expect(desk.canUndo).toBe(true);
  });
});

describe("events of other studies in the same store", () => {
  const numbers = { ids: ["0", "1", "2", "3", "4", "5"] };
  const other = { annotator: "jana", data: "d2" };

  test("say nothing of examples whose ids are numbers, and are no step of this page", async () => {
    const { desk } = makeDesk({}, { ...numbers, numbered: true });
    await desk.use(
      createMemoryPlace([
        eventOf({ ...other, example: "0" }),
        eventOf({ example: "1", annotator: "jana" }),
        eventOf({ example: "2", annotator: "jana", data: "" }),
        eventOf({ ...other, example: "3", annotator: "otto" }),
        eventOf({ ...other, example: "4" }),
      ]),
    );
    expect([0, 1, 2, 3, 4].map((index) => desk.mine(index)?.verdict ?? null)).toEqual([
      ...[null, "correct", "correct", null, null],
    ]);
    expect([desk.done, desk.others(3)]).toEqual([2, []]);
    expect([desk.undo(), desk.undo(), desk.undo()]).toEqual([[2], [1], []]);
    expect(eventsOf(desk.log())).toHaveLength(7);
  });

  test("hold where the host says that they are of the same examples", async () => {
    const { desk } = makeDesk({ same: ["d2"] }, { ...numbers, numbered: true });
    await desk.use(createMemoryPlace([eventOf({ ...other, example: "0" })]));
    expect(desk.mine(0)?.verdict).toBe("correct");
  });

  test("hold of the same examples where ids have names", async () => {
    const { desk } = makeDesk();
    await desk.use(createMemoryPlace([eventOf(other)]));
    expect(desk.mine(0)?.verdict).toBe("correct");
  });

  test("are not taken back from here, nor are names", async () => {
    const { desk } = makeDesk();
    const renaming = { example: "-", field: "annotator", value: "Jana", annotator: "jana" };
    await desk.use(createMemoryPlace([eventOf({ ...other, example: "x" }), eventOf(renaming)]));
    expect(desk.canUndo).toBe(false);
    expect(desk.undo()).toEqual([]);
    expect(eventsOf(desk.log())).toHaveLength(2);
  });
});

test("an event says of its own example whether that was hidden", () => {
  const { desk } = makeDesk({ blind: true });
  desk.decide([0], { verdict: "ambiguous" });
  desk.decide([0, 1], { verdict: "correct" });
  desk.decide([0], { note: "seen" });
  const said = eventsOf(desk.log()).map(({ example, context }) => [example, context.blind]);
  expect(said).toEqual([
    ["e0", true],
    ["e0", false],
    ["e1", true],
    ["e0", false],
  ]);
});

test("who was renamed takes back what was decided under the old name", async () => {
  const { desk } = makeDesk({ annotator: "Jana" });
  const [said, other] = [eventOf({ annotator: "jana" }), eventOf({ example: "e1" })];
  const renaming = { example: "-", field: "annotator", value: "Jana", annotator: "jana" };
  await desk.use(createMemoryPlace([said, other, eventOf(renaming)]));
  expect(desk.mine(0)?.verdict).toBe("correct");
  expect(desk.undo()).toEqual([0]);
  expect(desk.mine(0)).toBeNull();
  expect(desk.canUndo).toBe(false);
  expect(desk.redo()).toEqual([0]);
  expect(desk.mine(0)?.verdict).toBe("correct");
});

test("a step is taken back by its name, also where others came after it", () => {
  const { desk } = makeDesk();
  const step = desk.decide([0, 1], { verdict: "correct" });
  expect(desk.decide([0, 1], { verdict: "correct" })).toBeNull();
  const single = desk.decide([2], { verdict: "ambiguous" });
  expect(desk.undo(step ?? "")).toEqual([0, 1]);
  expect(desk.mine(2)?.verdict).toBe("ambiguous");
  expect(desk.undo(step ?? "")).toEqual([]);
  expect(desk.undo(single ?? "")).toEqual([2]);
});

test("all are put in order again only where they are ordered by decisions", () => {
  const { desk, store } = makeDesk();
  const before = store.order;
  desk.decide([5], { verdict: "correct" });
  expect(store.order).toBe(before);
  store.setSort("annotators");
  expect(store.order[0]).toBe(5);
  desk.decide([2], { verdict: "correct" });
  expect([...store.order.slice(0, 2)]).toEqual([2, 5]);
});

test("whoever kept a change finds all that came after it", async () => {
  const { desk } = makeDesk();
  const start = desk.change;
  desk.decide([1], { verdict: "correct" });
  desk.decide([2, 3], { verdict: "ambiguous" });
  desk.undo();
  const found: (readonly number[])[] = [];
  for (let { next } = start; next; next = next.next) found.push(next.examples);
  expect(found).toEqual([[1], [2, 3], [2, 3]]);
});
