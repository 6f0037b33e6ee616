import { expect, test } from "vitest";
import { blockName, membersOf, neighborsOf } from "../../../src/store/details/details";
import { makeStudy } from "../../study";

const manifest = {
  ...makeStudy().manifest,
  details: {
    neighbors: { per_block: 4, k: 2 },
    members: { per_block: 4, count: 3 },
    original: null,
  },
};

test("names the block that holds an example", () => {
  expect([0, 3, 4, 5].map((index) => blockName("neighbors", index, 4))).toEqual([
    "neighbors/0",
    "neighbors/0",
    "neighbors/1",
    "neighbors/1",
  ]);
});

test("reads the neighbors of an example in a last block that is not full", () => {
  // Three probes, two examples (4 and 5), two neighbors.
  const block = Uint32Array.of(0, 1, 2, 3, 1, 2, 3, 0xffffffff, 5, 4, 7, 1);
  const bytes = new Uint8Array(block.buffer);
  expect(neighborsOf(manifest, bytes, 4)).toEqual([
    [0, 1],
    [1, 2],
    [5, 4],
  ]);
  expect(neighborsOf(manifest, bytes, 5)).toEqual([[2, 3], [3], [1]]);
});

test("reads what each member found", () => {
  const depth = [1, 0, 3, 2, 2, 3];
  const trained = [1, 0, 0, 1, 1, 1];
  const prediction = [2, 0, 1, 65535, 0, 2];
  const bytes = new Uint8Array(Uint16Array.from([...depth, ...trained, ...prediction]).buffer);
  expect(membersOf(manifest, bytes, 5)).toEqual([
    { depth: 0, trained: false, prediction: 0 },
    { depth: 2, trained: true, prediction: undefined },
    { depth: 3, trained: true, prediction: 2 },
  ]);
});
