import { expect, test } from "vitest";
import { decodeColumn } from "../../../src/store/columns";
import { describeFilters } from "../../../src/store/filters/filter_words";
import { Store } from "../../../src/store/store";
import { makeStudy } from "../../study";

const CLASSES = ["cat", "dog", "frog", "horse", "ship", "truck"];

function makeStore(): Store {
  const { manifest, chunks } = makeStudy({ classes: CLASSES, labels: [0, 1, 2, 3, 4, 5] });
  const columns = manifest.columns.map((info) => {
    const bytes = chunks[`column/${info.name}`] ?? new Uint8Array(0);
    return [info.name, decodeColumn(info, bytes, manifest)] as const;
  });
  return new Store(manifest, new Map(columns));
}

test.each([
  ["label", [0, 1], "Label: cat or dog"],
  ["label", [0, 1, 2, 3, 4, 5], "Label: cat, dog, frog or 3 more"],
  ["depth", [1], "Depth: 1"],
  ["depth", [0, 1, 2], "Depth: 0 to 2"],
  ["depth", [0, 2], "Depth: 0 or 2"],
  ["confidence", { from: 0.25, to: 0.5 }, "Confidence: 0.25 to 0.5"],
  ["confidence", { from: 0.1 + 0.2 }, "Confidence: at least 0.3"],
  ["confidence", { from: 0.36301, to: -0.5 }, "Confidence: 0.36301 to −0.5"],
  ["confidence", { to: 0, missing: true }, "Confidence: at most 0 or missing"],
  ["confidence", { missing: true }, "Confidence: missing"],
  ["example_id", { contains: " e1 " }, "Example: contains “e1”"],
] as const)("the filter of %s by %j reads as “%s”", (name, filter, words) => {
  const store = makeStore();
  store.setFilter(name, filter);
  expect(describeFilters(store)).toEqual([words]);
});

test("filters are told in the order they were set", () => {
  const store = makeStore();
  store.setFilter("depth", [1]);
  store.setFilter("label", [0]);
  store.setFilter("depth", [2]);
  expect(describeFilters(store)).toEqual(["Depth: 2", "Label: cat"]);
});
