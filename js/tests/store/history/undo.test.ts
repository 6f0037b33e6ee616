import { beforeEach, expect, test } from "vitest";
import { createUndo, type Undo } from "../../../src/store/history/undo";
import { indicesOf } from "../../../src/store/selection";
import type { Store } from "../../../src/store/store";
import { makeStore } from "../../study";

let store: Store;
let undo: Undo;
let now = 0;

beforeEach(() => {
  now = 0;
  store = makeStore();
  undo = createUndo(store, () => now);
});

const selected = () => [...indicesOf(store.selection.flags)];

test("a click that replaces what a lasso caught is taken back, narrowed listing and all", () => {
  store.selectRegion([1, 2, 4], "replace");
  store.setSelectedOnly(false);
  store.select([0], "replace");
  undo.undo();
  expect(selected()).toEqual([1, 2, 4]);
  undo.undo();
  expect([selected(), store.selectedOnly]).toEqual([[1, 2, 4], true]);
  undo.undo();
  expect([selected(), undo.canUndo]).toEqual([[], false]);
  expect(undo.undo()).toBe(false);
});

test("what was undone is done again, until something else is done", () => {
  store.select([1], "replace");
  store.setFilter("label", [0]);
  undo.undo();
  undo.undo();
  undo.redo();
  undo.redo();
  expect([selected(), store.filters.kept("label")]).toEqual([[1], [0]]);
  undo.undo();
  store.select([2], "add");
  expect([undo.canRedo, undo.redo()]).toEqual([false, false]);
});

test("a brush that is dragged is one step, and a second brush later another", () => {
  for (const to of [1, 1.5, 2]) {
    now += 50;
    store.setFilter("depth", { from: 0, to });
  }
  now += 5000;
  store.setFilter("depth", { from: 1, to: 2 });
  undo.undo();
  expect(store.filters.get("depth")).toEqual({ from: 0, to: 2 });
  undo.undo();
  expect(store.filters.names).toEqual([]);
});

test("chips are a step each, however fast", () => {
  store.toggleFilter("label", 0);
  store.toggleFilter("label", 1);
  undo.undo();
  expect(store.filters.kept("label")).toEqual([0]);
});

test("probe, order and focus are no steps", () => {
  store.setProbe(1);
  store.setSort("label");
  store.setFocus(3);
  expect(undo.canUndo).toBe(false);
});

test("a histogram that was closed with its filter comes back with it", () => {
  store.openHistogram("depth");
  store.setFilter("depth", { from: 1 });
  store.closeHistogram("depth");
  undo.undo();
  expect([store.histograms, store.filters.get("depth")]).toEqual([["depth"], { from: 1 }]);
});

test("a hundred steps are kept, and what was there at the beginning can be forgotten", () => {
  for (let i = 0; i < 130; i++) store.select([i % 6], "toggle");
  let steps = 0;
  while (undo.undo()) steps++;
  expect(steps).toBe(100);
  undo.forget();
  expect([undo.canUndo, undo.canRedo]).toEqual([false, false]);
});
