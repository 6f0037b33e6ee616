import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Column, decodeColumn } from "../../src/store/columns";
import { type Boundaries, createGrouping } from "../../src/store/grouping";
import { Store } from "../../src/store/store";
import { GROUPS, makeEnsemble } from "../ensemble_study";
import { makeStudy, numberBytes } from "../study";

interface Case {
  readonly q: number | null;
  readonly boundaries: Boundaries;
  readonly codes: readonly number[];
}

/** What `difficulty_groups` says; `tests/widgets/test_groups_in_the_page.py` holds Python to the same file. */
const PYTHON: readonly {
  readonly train_depth: readonly (number | null)[];
  readonly validation_depth: readonly (number | null)[];
  readonly cases: readonly Case[];
}[] = JSON.parse(readFileSync("tests/store/groups.json", "utf8"));

const CASES = PYTHON.flatMap((depths, study) =>
  depths.cases.map((one) => [study, one.q, one] as const),
);

describe("groups", () => {
  test.each(CASES)(
    "of study %i at q = %s are those of Python",
    (study, q, { boundaries, codes }) => {
      const grouping = groupingOf(study);
      if (q !== null) expect(grouping.atQuantile(q)).toEqual(boundaries);
      grouping.assign(boundaries);
      expect([...grouping.column.codes]).toEqual(codes.map((code) => (code < 0 ? 255 : code)));
    },
  );

  test("are those that the study came with, at the boundaries that it came with", () => {
    const store = makeStore();
    store.setBoundaries([0, 3, 0, 3]);
    store.resetBoundaries();
    expect(groups(store)).toEqual([0, 1, 2, 3, 4, 255]);
    expect(store.groupsMoved).toBe(false);
  });

  test("follow moved boundaries, and so do the filter and the order by them", () => {
    const store = makeStore();
    store.setFilter("group", [0]);
    store.setSort("group");
    const before = [store.boundaries, store.order, store.filterChange, store.selectionChange];
    store.setBoundaries([1.5, 2.5, 1.5, 2.5]);
    expect(groups(store)).toEqual([0, 1, 2, 3, 0, 255]);
    expect([...store.listing]).toEqual([0, 4]);
    expect(store.filters.shownCount).toBe(2);
    expect([...store.filters.counts("group")]).toEqual([2, 1, 1, 1, 0]);
    const after = [store.boundaries, store.order, store.filterChange, store.selectionChange];
    expect(after.map((now, i) => now !== before[i])).toEqual([true, true, true, false]);
    expect(store.groupsMoved).toBe(true);
  });

  test("leave the bytes that came alone, which another view may read", () => {
    const { manifest, chunks } = makeEnsemble();
    const store = makeStore();
    store.setBoundaries([0, 0, 0, 0]);
    expect([...(chunks["column/group"] ?? [])]).toEqual([0, 1, 2, 3, 4, 255]);
    expect(manifest.plane?.boundaries).toEqual([0.5, 2.5, 0.25, 2.5]);
  });

  test("come back with a saved state, and q with its boundaries", () => {
    const store = makeStore();
    store.setQuantile(0.5);
    expect(store.boundaries).toEqual([1.25, 1.25, 1.5, 1.5]);
    const other = makeStore();
    other.restore(JSON.parse(JSON.stringify(store.uiState())));
    expect(groups(other)).toEqual(groups(store));
    expect(other.uiState()).toEqual(store.uiState());
  });

  test("keep their quantile where a state repeats the boundaries that they have", () => {
    const store = makeStore();
    store.setQuantile(0.5);
    store.restore({ ...store.uiState(), filters: { label: [0] } });
    expect(store.quantile).toBe(0.5);
    store.restore({ boundaries: [0, 1, 2, 3] });
    expect(store.quantile).toBeNull();
  });

  test("stay where boundaries are out of order, not numbers, or of a study without groups", () => {
    const store = makeStore();
    for (const bad of [[2, 1, 0, 0], [0, 1, 2], [0, "1", 2, 3], [0, Number.NaN, 2, 3], "x", null]) {
      store.restore({ boundaries: bad });
    }
    store.setQuantile(0);
    store.setQuantile(0.6);
    expect(store.groupsMoved).toBe(false);
    const { manifest, chunks } = makeStudy();
    const one = new Store(manifest, columnsOf(manifest.columns, chunks, manifest));
    one.setBoundaries([0, 1, 2, 3]);
    expect(one.uiState().boundaries).toBeNull();
  });

  test("goes by the depth of the label when trained on, where a study has it", () => {
    const [usual, byLabel] = [groupingOf(0), groupingOf(0, "train_label_depth")];
    const ends = usual.atQuantile(0.3);
    expect(byLabel.atQuantile(0.3)).toEqual(ends);
    usual.assign(ends);
    byLabel.assign(ends);
    expect([...byLabel.column.codes]).toEqual([...usual.column.codes]);
    expect(new Set(usual.column.codes).size).toBeGreaterThan(1);
  });
});

function groups(store: Store): number[] {
  const column = store.columns.get("group");
  return column?.type === "code" ? [...column.codes] : [];
}

function makeStore(): Store {
  const { manifest, chunks } = makeEnsemble();
  return new Store(manifest, columnsOf(manifest.columns, chunks, manifest));
}

function columnsOf(
  infos: ReturnType<typeof makeStudy>["manifest"]["columns"],
  chunks: Readonly<Record<string, Uint8Array>>,
  manifest: ReturnType<typeof makeStudy>["manifest"],
): Map<string, Column> {
  return new Map(
    infos.map((info) => [
      info.name,
      decodeColumn(info, chunks[`column/${info.name}`] ?? new Uint8Array(0), manifest),
    ]),
  );
}

function groupingOf(study: number, trained = "train_depth") {
  const depths = PYTHON[study];
  if (!depths) throw new Error("no such study");
  const count = depths.train_depth.length;
  const number = (name: string, values: readonly (number | null)[]): [string, Column] => [
    name,
    {
      type: "number",
      info: { name, kind: "number", dtype: "float32", title: name },
      values: new Float32Array(numberBytes(values.map((value) => value ?? Number.NaN)).buffer),
    },
  ];
  const grouping = createGrouping(
    { boundaries: [-1, -1, -1, -1], names: GROUPS },
    new Map<string, Column>([
      number("train_depth", trained === "train_depth" ? depths.train_depth : []),
      number(trained, depths.train_depth),
      number("validation_depth", depths.validation_depth),
      [
        "group",
        {
          type: "code",
          info: { name: "group", kind: "category", dtype: "uint8", title: "Group" },
          codes: new Uint8Array(count).fill(255),
          missing: 255,
          names: GROUPS,
        },
      ],
    ]),
  );
  if (!grouping) throw new Error("no groups");
  return grouping;
}
