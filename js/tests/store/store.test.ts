import { describe, expect, test, vi } from "vitest";
import { decodeColumn } from "../../src/store/columns";
import { readManifest } from "../../src/store/manifest";
import { effect } from "../../src/store/reactive";
import { hold } from "../../src/store/registry";
import { Store } from "../../src/store/store";
import { makeStore, makeStudy } from "../study";

const FIELDS = [
  "filters",
  "selection",
  "focus",
  "highlight",
  "probe",
  "color",
  "order",
  "boundaries",
  "histograms",
  "size",
  "parts",
  "refusal",
] as const;

describe("store", () => {
  test("lists shown examples, deepest first", () => {
    const store = makeStore();
    expect([...store.listing]).toEqual([3, 2, 1, 5, 0, 4]);
    store.setFilter("label", [1, 2]);
    expect([...store.listing]).toEqual([3, 2, 5, 4]);
  });

  test("lists the examples first whose labels are the most suspicious of their split", () => {
    const { manifest, columns } = makeStore();
    const ranks = columns.get("confidence");
    if (!ranks) throw new Error("a study has a confidence");
    const store = new Store(manifest, new Map([...columns, ["suspicion_rank", ranks]]));
    expect(store.sort).toBe("suspicion_rank");
  });

  test("counts undecided examples at depth P and missing depths nowhere", () => {
    const store = makeStore({ depths: [0, 3, 3, Number.NaN, 1, 2] });
    expect([...store.filters.counts("depth")]).toEqual([1, 1, 1, 2]);
    store.setFilter("depth", [3]);
    expect([...store.listing]).toEqual([1, 2]);
  });

  test("a region of the map narrows the listing, clearing it widens it again", () => {
    const store = makeStore();
    store.selectRegion([0, 3], "replace");
    expect([...store.listing]).toEqual([3, 0]);
    store.select([], "replace");
    expect(store.listing).toHaveLength(6);
    expect(store.selectedOnly).toBe(false);
  });

  test("a plain selection leaves the listing as it is", () => {
    const store = makeStore();
    const before = store.listing;
    store.select([2], "replace");
    expect(store.listing).toBe(before);
  });

  test("the selection outlives a filter that hides it", () => {
    const store = makeStore();
    store.select([0, 1], "replace");
    store.setFilter("label", [2]);
    expect(store.selection.count).toBe(2);
    expect(store.filters.shownCount).toBe(2);
  });

  test("each change runs again what has read that field, and none where nothing changed", () => {
    const store = makeStore();
    const heard: string[] = [];
    const stops = FIELDS.map((name) => {
      let begun = false;
      return effect(() => {
        store[name];
        if (begun) heard.push(name);
        begun = true;
      });
    });
    store.toggleFilter("label", 0);
    store.select([1], "replace");
    store.select([1], "replace");
    store.setFocus(1);
    store.setHighlight(2);
    store.setProbe(1.5);
    store.setProbe(1.5);
    store.setColor("depth");
    store.setColor("no such column");
    store.setSort("confidence");
    for (const stop of stops) stop();
    store.setProbe(0);
    expect(heard).toEqual([
      "filters",
      "selection",
      "focus",
      "highlight",
      "probe",
      "color",
      "order",
    ]);
  });

  test("restores the state it saved", () => {
    const store = makeStore();
    store.setFilter("label", [0, 2]);
    store.setFilter("depth", [1]);
    store.setFilter("confidence", { from: 0.2, to: 0.45 });
    store.setFilter("example_id", { contains: "e" });
    store.openHistogram("confidence");
    store.openHistogram("prediction");
    store.setProbe(0.25);
    store.setColor("confidence");
    store.setSort("confidence", true);
    store.setFocus(4);
    const other = makeStore();
    other.restore(JSON.parse(JSON.stringify(store.uiState())));
    expect(other.uiState()).toEqual(store.uiState());
    expect([...other.listing]).toEqual([...store.listing]);
  });

  test("ignores what a saved state says of columns, examples and kinds that are not there", () => {
    const store = makeStore();
    const before = store.uiState();
    store.restore({
      color: "gone",
      sort: "gone",
      probe: "two",
      focus: 99,
      selected_only: true,
      filters: { gone: [1], label: "x", prediction: [null, true, "1", [], {}], confidence: [1] },
      boundaries: [0, 1, 2, 3],
      histograms: ["gone", 3],
      unknown: { deep: true },
    });
    expect(store.uiState()).toEqual(before);
  });

  test("takes as many filters of a saved state as there is room for, and says why no more", () => {
    const store = makeWide(34);
    const names = Array.from({ length: 34 }, (_, i) => `c${i}`);
    store.restore({ filters: Object.fromEntries(names.map((name) => [name, [0]])), focus: 1 });
    expect(store.filters.names).toEqual(names.slice(0, 32));
    expect(store.focus).toBe(1);
    const before = [store.filterChange, store.refusal];
    store.setFilters({ c0: [], c32: [0], c33: [0] });
    const refused = [store.filterChange, store.refusal];
    expect([refused[0] === before[0], refused[1] === before[1]]).toEqual([true, false]);
    expect(store.refusal.reason).toBe("At most 32 columns can filter at once.");
    expect(store.filters.names).toEqual(names.slice(0, 32));
    store.setFilter("c0", [1]);
    expect([store.filterChange === refused[0], store.refusal === refused[1]]).toEqual([
      false,
      true,
    ]);
  });

  test("a closed histogram lets go of what it kept", () => {
    const store = makeStore();
    store.openHistogram("confidence");
    store.setFilter("confidence", { from: 0.4 });
    expect(store.filters.shownCount).toBe(2);
    store.closeHistogram("confidence");
    expect(store.filters.shownCount).toBe(6);
    expect(store.histograms).toEqual([]);
  });

  test("a saved state that narrows to no selection does not narrow the next one", () => {
    const store = makeStore();
    store.restore({ selected_only: true });
    store.select([2], "replace");
    expect(store.listing).toHaveLength(6);
  });

  test("keeps the probe between the first and the last", () => {
    const store = makeStore();
    store.setProbe(-4);
    expect(store.probe).toBe(0);
    store.setProbe(99);
    expect(store.probe).toBe(2);
    store.setProbe(Number.NaN);
    expect(store.probe).toBe(2);
  });
});

describe("manifest", () => {
  test("refuses a newer format with both numbers", () => {
    expect(() => readManifest({ ...makeStudy().manifest, format: 2 })).toThrow(
      /format 1.*format 2/,
    );
  });

  test("names the promised columns that are absent", () => {
    const { manifest } = makeStudy();
    const columns = manifest.columns.filter(({ name }) => name !== "depth");
    expect(() => readManifest({ ...manifest, columns })).toThrow("depth");
  });

  test("a column of another length is refused by name", () => {
    const { manifest } = makeStudy();
    const [info] = manifest.columns;
    if (!info) throw new Error("no column");
    const bytes = new TextEncoder().encode('["only one"]');
    expect(() => decodeColumn(info, bytes, manifest)).toThrow("'example_id' covers 1");
  });
});

describe("registry", () => {
  test("shares a value while anybody holds it and ends it with the last", () => {
    const end = vi.fn();
    const create = vi.fn(() => ({}));
    const first = hold("a", create, end);
    const second = hold("a", create, end);
    expect(second.value).toBe(first.value);
    first.release();
    first.release();
    expect(end).not.toHaveBeenCalled();
    second.release();
    expect(end).toHaveBeenCalledExactlyOnceWith(first.value);
    expect(hold("a", create, end).value).not.toBe(first.value);
    expect(create).toHaveBeenCalledTimes(2);
  });
});

/** Two examples with this many columns of two categories. */
function makeWide(count: number): Store {
  const { manifest } = makeStore();
  const columns = Array.from({ length: count }, (_, i) => {
    const name = `c${i}`;
    const info = { name, kind: "category", dtype: "uint8", title: name } as const;
    const names = ["no", "yes"];
    return [name, { type: "code", info, codes: Uint8Array.of(0, 1), missing: 255, names }] as const;
  });
  return new Store({ ...manifest, count: 2 }, new Map(columns));
}
