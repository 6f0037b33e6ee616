import { describe, expect, test } from "vitest";
import type { Column } from "../../../src/store/columns";
import { sortOrder } from "../../../src/store/listing/order";
import type { Harder } from "../../../src/store/manifest";

function numbers(values: readonly number[], harder?: Harder): Column {
  const info = { name: "x", kind: "number", dtype: "float32", title: "X" } as const;
  return {
    type: "number",
    info: harder ? { ...info, harder } : info,
    values: Float32Array.from(values),
  };
}

describe("sort order", () => {
  test("puts the hardest first by the measure's own direction", () => {
    expect([...sortOrder(numbers([1, 3, 2], "larger"))]).toEqual([1, 2, 0]);
    expect([...sortOrder(numbers([1, 3, 2], "smaller"))]).toEqual([0, 2, 1]);
  });

  test("turns round, with missing values last either way", () => {
    const column = numbers([1, Number.NaN, 2], "larger");
    expect([...sortOrder(column)]).toEqual([2, 0, 1]);
    expect([...sortOrder(column, true)]).toEqual([0, 2, 1]);
  });

  test("keeps the order of the data set among equals", () => {
    expect([...sortOrder(numbers([5, 7, 5, 7, 5], "larger"))]).toEqual([1, 3, 0, 2, 4]);
  });

  test("orders negative, tiny, infinite and both zeros as numbers do", () => {
    const values = [0, -0, 1e-42, -1e-42, -1, 1, Infinity, -Infinity, 3e38, -3e38];
    const expected = values.map((_, i) => i).sort((a, b) => compare(values, a, b));
    expect([...sortOrder(numbers(values, "smaller"))]).toEqual(expected);
    const falling = values.map((_, i) => i).sort((a, b) => compare(values, b, a) || a - b);
    expect(values[sortOrder(numbers(values, "larger"))[0] ?? -1]).toBe(values[falling[0] ?? -1]);
  });

  test("a column without direction falls if it holds numbers, rises if it holds codes or text", () => {
    const codes: Column = {
      type: "code",
      info: { name: "c", kind: "category", dtype: "uint8", title: "C" },
      codes: Uint8Array.of(2, 255, 0),
      missing: 255,
      names: ["a", "b", "c"],
    };
    const texts: Column = {
      type: "text",
      info: { name: "t", kind: "id", dtype: "text", title: "T" },
      texts: ["e10", "e9", ""],
    };
    expect([...sortOrder(numbers([1, 2]))]).toEqual([1, 0]);
    expect([...sortOrder(codes)]).toEqual([2, 0, 1]);
    expect([...sortOrder(texts)]).toEqual([1, 0, 2]);
  });
});

function compare(values: readonly number[], a: number, b: number): number {
  const [x, y] = [Math.fround(values[a] ?? 0), Math.fround(values[b] ?? 0)];
  return x === y ? a - b : x - y;
}
