/** How filters are counted and kept; what they mean is held to `filters.json` by `filter_cases.test.ts`. */
import { describe, expect, test } from "vitest";
import { createFilters, type Filterable } from "../../../src/store/filters/filters";

const label = { codes: Uint16Array.of(0, 0, 1, 1, 2, 65535), size: 3 };
const split = { codes: Uint8Array.of(0, 1, 0, 1, 0, 1), size: 2 };

function filters() {
  return createFilters(
    6,
    new Map<string, Filterable>([
      ["label", label],
      ["split", split],
    ]),
  );
}

describe("filters", () => {
  test("a filter does not filter its own counts, but all others", () => {
    const set = filters();
    set.keep("label", [0]);
    expect([...set.counts("label")]).toEqual([2, 2, 1]);
    expect([...set.counts("split")]).toEqual([1, 1]);
  });

  test("a missing value passes no filter and is counted nowhere", () => {
    const set = filters();
    set.keep("label", [0, 1, 2]);
    expect(set.isShown(5)).toBe(false);
    expect([...set.counts("label")].reduce((a, b) => a + b)).toBe(5);
  });

  test("keeping nothing, or only codes that do not exist, lifts the filter", () => {
    const set = filters();
    set.keep("label", [0]);
    set.keep("label", [99, -1, 0.5]);
    expect(set.shownCount).toBe(6);
    expect(set.toJSON()).toEqual({});
  });

  test("an unknown column is refused with the known ones", () => {
    expect(() => filters().keep("colour", [1])).toThrow("'label', 'split'");
  });

  test("more filters than bits are refused, and a lifted one makes room", () => {
    const names = Array.from({ length: 33 }, (_, i) => `c${i}`);
    const column = { codes: Uint8Array.of(0, 1), size: 2 };
    const set = createFilters(2, new Map(names.map((name) => [name, column])));
    for (const name of names.slice(0, 32)) set.keep(name, [0]);
    expect([set.isShown(0), set.isShown(1)]).toEqual([true, false]);
    expect(() => set.keep("c32", [0])).toThrow("32");
    set.keep("c31", []);
    set.keep("c32", [1]);
    expect(set.shownCount).toBe(0);
  });

  test("counts equal a slow count for random filters", () => {
    const random = seeded(7);
    const codes = Array.from({ length: 4 }, () =>
      Uint8Array.from({ length: 200 }, () => Math.floor(random() * 5)),
    );
    const set = createFilters(200, new Map(codes.map((c, i) => [`c${i}`, { codes: c, size: 5 }])));
    const kept = codes.map(() => [0, 1, 2, 3, 4].filter(() => random() < 0.6));
    kept.forEach((keep, i) => {
      set.keep(`c${i}`, keep);
    });
    codes.forEach((own, c) => {
      const slow = new Array<number>(5).fill(0);
      for (let i = 0; i < 200; i++) {
        const others = codes.every(
          (other, o) => o === c || kept[o]?.length === 0 || kept[o]?.includes(other[i] ?? -1),
        );
        if (others) slow[own[i] ?? 0] = (slow[own[i] ?? 0] ?? 0) + 1;
      }
      expect([...set.counts(`c${c}`)]).toEqual(slow);
    });
  });
});

describe("ranges", () => {
  const values = Float32Array.of(0.1, 0.7, Number.NaN, 2, Number.POSITIVE_INFINITY, -1);
  const columns = new Map<string, Filterable>([
    ["score", { values }],
    ["depth", { values: Float32Array.of(0, 1, 1.5, 2, Number.NaN, 3), codes: depths(), size: 4 }],
  ]);

  test("and codes filter the same depths, the last one set", () => {
    const set = createFilters(6, columns);
    set.keep("depth", [1]);
    expect([set.shownCount, set.kept("depth"), set.range("depth")]).toEqual([2, [1], undefined]);
    set.set("depth", { from: 1.5, to: 3 });
    expect(set.shownCount).toBe(3);
    expect([set.kept("depth"), set.range("depth")]).toEqual([[], { from: 1.5, to: 3 }]);
    expect([...set.counts("depth")]).toEqual([1, 2, 1, 1]);
  });

  test("ends that are no finite numbers filter nothing", () => {
    const set = createFilters(6, columns);
    set.set("score", { from: Number.NaN, to: Number.POSITIVE_INFINITY });
    expect(set.shownCount).toBe(6);
  });

  test("counts follow every other filter and every change of the column itself", () => {
    const codes = Uint8Array.of(0, 0, 1, 1);
    const own = { codes, size: 2 };
    const set = createFilters(
      4,
      new Map<string, Filterable>([
        ["own", own],
        ["split", split],
      ]),
    );
    expect([...set.counts("own")]).toEqual([2, 2]);
    set.keep("own", [1]);
    expect([...set.counts("own")]).toEqual([2, 2]);
    set.keep("split", [0]);
    expect([...set.counts("own")]).toEqual([1, 1]);
    expect([...set.tally(own, "split")]).toEqual([0, 2]);
    codes.fill(1);
    set.refresh("own");
    expect([...set.counts("own")]).toEqual([0, 2]);
    expect(set.shownCount).toBe(2);
    set.clear();
    expect([...set.counts("own")]).toEqual([0, 4]);
  });

  test("what is saved cannot be changed from outside", () => {
    const set = filters();
    set.keep("label", [0]);
    (set.toJSON().label as number[]).push(1);
    expect(set.kept("label")).toEqual([0]);
  });
});

function depths(): Uint16Array {
  return Uint16Array.of(0, 1, 1, 2, 65535, 3);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
