import { describe, expect, test } from "vitest";
import { packMask, unpackMask } from "../../src/store/masks";
import { createSelection, indicesOf } from "../../src/store/selection";

describe("masks", () => {
  test("bit i is 1 << (i & 7) of byte i >> 3", () => {
    const flags = new Uint8Array(11);
    flags[0] = flags[9] = flags[10] = 1;
    expect([...packMask(flags)]).toEqual([0b1, 0b110]);
  });

  test("an empty selection packs to no bytes, and no bytes unpack to none", () => {
    expect(packMask(new Uint8Array(20))).toHaveLength(0);
    expect([...unpackMask(new Uint8Array(0), 3)]).toEqual([0, 0, 0]);
  });

  test.each([1, 7, 8, 9, 64, 1000])("%i examples survive the round trip", (count) => {
    const flags = Uint8Array.from({ length: count }, (_, i) => Number((i * 7919) % 3 === 0));
    expect(unpackMask(packMask(flags), count)).toEqual(flags);
  });
});

describe("selection", () => {
  test("replaces, adds, subtracts and toggles", () => {
    const selection = createSelection(6);
    selection.change([1, 2], "replace");
    selection.change([2, 3], "add");
    selection.change([1], "subtract");
    selection.change([3, 5], "toggle");
    expect([...indicesOf(selection.flags)]).toEqual([2, 5]);
    expect(selection.count).toBe(2);
  });

  test("says whether anything changed", () => {
    const selection = createSelection(4);
    expect(selection.change([1, 2], "replace")).toBe(true);
    expect(selection.change([2, 1], "replace")).toBe(false);
    expect(selection.change([1], "add")).toBe(false);
    expect(selection.change([3], "subtract")).toBe(false);
  });

  test("ignores examples that do not exist", () => {
    const selection = createSelection(2);
    selection.change([-1, 2, 99, Number.NaN], "add");
    expect(selection.count).toBe(0);
  });
});
