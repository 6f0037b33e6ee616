import { describe, expect, test } from "vitest";
import { binNumbers } from "../../../src/store/filters/bins";

const bin = (...values: number[]) => binNumbers(Float32Array.from(values));

describe("bins", () => {
  test("whole numbers that span little have one each", () => {
    const { bins, low, width, whole, codes } = bin(3, 5, 3, 8);
    expect({ bins, low, width, whole }).toEqual({ bins: 6, low: 3, width: 1, whole: true });
    expect([...codes]).toEqual([0, 2, 0, 5]);
  });

  test("shares fall into bins of a round width, each at the edge it was written for", () => {
    const shares = Array.from({ length: 101 }, (_, i) => i / 100);
    const { bins, low, width, codes } = bin(...shares);
    expect({ bins, low, width }).toEqual({ bins: 40, low: 0, width: 0.025 });
    expect(codes[70]).toBe(28);
    expect(codes[100]).toBe(39);
  });

  test("missing values have the last code and are counted", () => {
    const { codes, bins, missing, size } = bin(0, Number.NaN, 1, Number.NaN);
    expect(missing).toBe(2);
    expect(codes[1]).toBe(bins);
    expect(size).toBe(bins + 1);
  });

  test("values far out do not press the rest into one bin", () => {
    const values = Array.from({ length: 2000 }, (_, i) => (i === 0 ? 1e6 : i / 2000));
    const { bins, low, width, cutsLow, cutsHigh, codes } = bin(...values);
    expect(low + bins * width).toBeLessThan(2);
    expect([cutsLow, cutsHigh]).toEqual([true, true]);
    expect(codes[0]).toBe(bins - 1);
  });

  test("infinities fall into the end bins, which then say so", () => {
    const { codes, bins, cutsLow, cutsHigh } = bin(-Infinity, 0, 0.5, 1, Infinity);
    expect([codes[0], codes[4]]).toEqual([0, bins - 1]);
    expect([cutsLow, cutsHigh]).toEqual([true, true]);
  });

  test.each([
    ["one value", [4, 4, 4], 1],
    ["one value that is not whole", [0.3, 0.3], 1],
    ["infinities alone", [Infinity, Infinity], 1],
    ["missing values alone", [Number.NaN], 0],
    ["nothing", [], 0],
  ])("%s make no endless axis", (_, values, wanted) => {
    const { bins, codes, low, width } = bin(...values);
    expect(bins).toBe(wanted);
    expect(Number.isFinite(low) && width > 0).toBe(true);
    for (const code of codes) expect(code).toBeLessThanOrEqual(bins);
  });

  test.each([1e-30, 1e-3, 1, 7, 1e9, 1e30])("a span of %f makes 20 to 48 bins", (span) => {
    const { bins } = bin(...Array.from({ length: 999 }, (_, i) => (span * (i + 0.5)) / 999));
    expect(bins).toBeGreaterThanOrEqual(20);
    expect(bins).toBeLessThanOrEqual(48);
  });

  test("whole numbers that span much fall into bins of a whole width", () => {
    const { width, whole } = bin(...Array.from({ length: 200 }, (_, i) => i));
    expect([width, whole]).toEqual([5, false]);
  });
});
