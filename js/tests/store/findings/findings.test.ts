import { expect, test } from "vitest";
import { decodeColumn } from "../../../src/store/columns";
import { createChoice } from "../../../src/store/findings/choice";
import { exampleLists, findFindings, isChosen } from "../../../src/store/findings/findings";
import { Store } from "../../../src/store/store";
import { makeEnsemble } from "../../ensemble_study";
import { makeStore, type Study } from "../../study";

function storeOf({ manifest, chunks }: Study): Store {
  const columns = manifest.columns.map((info) => {
    const bytes = chunks[`column/${info.name}`] ?? new Uint8Array(0);
    return [info.name, decodeColumn(info, bytes, manifest)] as const;
  });
  return new Store(manifest, new Map(columns));
}

const keys = (store: Store) => findFindings(store).map(({ key }) => key);

test("many networks tell of their groups, each with its number, and where they are few", () => {
  const found = findFindings(storeOf(makeEnsemble()));
  expect(found.map(({ count, title }) => `${count} ${title}`)).toEqual([
    "1 look like a different class",
    "1 are ambiguous",
    "1 settle only from softmax on",
    "1 are clear only once seen",
  ]);
  expect(found.map(({ weak }) => weak)).toEqual([
    "weak: 2 networks",
    "weak: 2 networks",
    "",
    "weak: 2 networks",
  ]);
});

test("one network has findings of its own, and what holds for none is not said", () => {
  const sure = makeStore({
    labels: [0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2],
    predictions: [0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1],
    depths: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3],
  });
  expect(keys(sure)).toEqual(["sure", "late", "undecided", "confused"]);
  const confused = findFindings(sure)[3];
  expect([confused?.count, confused?.title]).toEqual([2, "frog taken for dog"]);
  expect(keys(makeStore({ depths: [0, 0, 0, 0, 0, 0] }))).toEqual([]);
});

test("no example stands on two cards, and all are of their own finding", () => {
  const store = storeOf(makeEnsemble());
  const found = findFindings(store);
  const lists = exampleLists(store, found, 6, () => true);
  const all = lists.flat();
  expect(new Set(all).size).toBe(all.length);
  found.forEach((finding, i) => {
    const { filters } = store;
    filters.clear();
    for (const [name, filter] of Object.entries(finding.filters)) filters.set(name, filter);
    for (const index of lists[i] ?? []) expect(filters.isShown(index)).toBe(true);
  });
});

test("choosing filters, sorts and colors; again lets go, and all is as before", () => {
  const store = storeOf(makeEnsemble());
  store.setSort("confidence", true);
  store.setColor("label");
  store.setProbe(0);
  const choice = createChoice(store);
  const [, , late] = findFindings(store);
  if (!late) throw new Error("no finding");
  const looks = () => [store.sort, store.reversed, store.color, store.probe];
  choice.toggle(late);
  expect(isChosen(store, late)).toBe(true);
  expect(looks()).toEqual(["train_depth", false, "label", 2]);
  expect(store.filters.shownCount).toBe(late.count);
  choice.toggle(late);
  expect(looks()).toEqual(["confidence", true, "label", 0]);
  expect(store.filters.names).toEqual([]);
});

test("one after the other goes back to what was before the first", () => {
  const store = storeOf(makeEnsemble());
  store.setColor("label");
  const choice = createChoice(store);
  const [first, , late] = findFindings(store);
  if (!first || !late) throw new Error("no finding");
  choice.toggle(first);
  choice.toggle(late);
  expect([isChosen(store, first), isChosen(store, late)]).toEqual([false, true]);
  choice.toggle(late);
  expect(store.color).toBe("label");
});

test("undo takes a choice back with its order and color, but leaves a later order alone", () => {
  const store = storeOf(makeEnsemble());
  store.setSort("confidence");
  const [first] = findFindings(store);
  if (!first) throw new Error("no finding");
  createChoice(store).toggle(first);
  store.undo.undo();
  expect([store.sort, store.filters.names]).toEqual(["confidence", []]);
  store.undo.redo();
  expect([store.sort, store.filters.names]).toEqual([first.sort, ["group"]]);
  store.undo.undo();
  store.setFilter("label", [1]);
  store.setSort("depth");
  store.undo.undo();
  expect([store.sort, store.filters.names]).toEqual(["depth", []]);
});

test("groups that a boundary moves are counted again", () => {
  const store = storeOf(makeEnsemble());
  const count = () => findFindings(store).find(({ key }) => key.startsWith("group:looks"))?.count;
  expect(count()).toBe(1);
  store.setBoundaries([0.1, 1, 1.5, 3]);
  expect(count()).toBe(2);
});
