import { expect, test } from "vitest";
import { formatNumber } from "../../src/store/columns";

test("numbers are short, and missing ones empty", () => {
  expect(formatNumber(0.12345)).toBe("0.123");
  expect(formatNumber(-2.5)).toBe("−2.5");
  expect(formatNumber(1234, true)).toBe("1,234");
  expect(formatNumber(1.5e-6)).toBe("1.5e−6");
  expect(formatNumber(Number.NaN)).toBe("");
});

test("only one is written as 1: what is just below is said to be", () => {
  expect(formatNumber(1)).toBe("1");
  expect(formatNumber(0.99998)).toBe("> 0.999");
  expect(formatNumber(-0.99998)).toBe("< −0.999");
  expect(formatNumber(0.9994)).toBe("0.999");
});
