import { expect, test } from "vitest";
import type { Store } from "../../../src/store/store";
import { partingSentence, sharedNeighbors } from "../../../src/views/inspector/compare/parting";

const PROBES = ["input", "block", "softmax"];

function said(
  left: readonly number[],
  right: readonly number[],
  member: number | null = null,
): string {
  const votes = Uint16Array.from(
    PROBES.flatMap((_, probe) => [left[probe] ?? 0, right[probe] ?? 0]),
  );
  const manifest = { probes: PROBES, count: 2, classes: ["cat", "dog"], member };
  const store = { manifest, parts: { votes } } as unknown as Store;
  const pair = { names: ["a", "b"], indices: [0, 1], shared: [2, 6, 1], of: 18 } as const;
  return partingSentence(store, pair);
}

test("examples that part are alike up to the last common vote", () => {
  expect(said([0, 0, 0], [1, 0, 1])).toBe(
    "Alike up to block, where they share 6 of 18 neighbors. From softmax on a goes to cat, b to dog.",
  );
});

test("of many networks it is said whose votes these are", () => {
  expect(said([0, 0, 0], [0, 0, 0], 2)).toMatch(/^In network 2: Alike at every probe/);
});

test("examples that meet, that never part and that never meet are told as such", () => {
  expect(said([0, 1, 1], [1, 1, 1])).toBe(
    "Apart up to input, where they share 2 of 18 neighbors. From block on both go to dog.",
  );
  expect(said([0, 0, 0], [0, 0, 0])).toBe(
    "Alike at every probe: both go to cat. At block they share 6 of 18 neighbors.",
  );
  expect(said([0, 0, 0], [1, 1, 1])).toBe(
    "Apart at every probe: a goes to cat, b to dog. At the last they share 1 of 18 neighbors.",
  );
});

test("shared neighbors are those that both have at the same probe", () => {
  const shared = sharedNeighbors([[1, 2, 3], [4], []], [[3, 2, 9], [5], [1]]);
  expect(shared.map((row) => [...row].sort())).toEqual([[2, 3], [], []]);
});
