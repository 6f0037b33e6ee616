import { expect, test } from "vitest";
import { evidenceOf, sidesToShow } from "../../../src/store/details/evidence";
import { sidesOf } from "../../../src/store/details/sides";
import type { Manifest } from "../../../src/store/manifest";
import { evidentStore, sideBytes, WHOLE } from "../../sides";

test("facts and shares of an example are read from its place in the block", () => {
  const store = evidentStore();
  const sides = sidesOf(store.manifest, sideBytes([WHOLE.shown, WHOLE.trained, WHOLE.heldOut]), 1);
  expect(sides.map(({ name, networks }) => [name, networks])).toEqual([
    ["shown", 1],
    ["trained", 3],
    ["held_out", 2],
  ]);
  expect(sides[1]?.from).toEqual({ given: 2, suggested: 3 });
  expect(sides[2]?.predict).toEqual({ predicted: 2, given: 0, suggested: 2 });
  const counts = sides[0]?.shares.suggested.map((share) => Math.round(30 * (share ?? 0)));
  expect(counts).toEqual([10, 24, 0]);
});

test("an example that the block leaves out has no sides", () => {
  const store = evidentStore();
  const bytes = sideBytes([WHOLE.shown, WHOLE.trained, WHOLE.heldOut]).fill(255);
  expect(sidesOf(store.manifest, bytes, 1)).toEqual([]);
});

test("a page without packed sides has none", () => {
  const { manifest } = evidentStore();
  const details = { ...manifest.details, sides: null };
  expect(sidesOf({ ...manifest, details } as Manifest, new Uint8Array(9), 1)).toEqual([]);
});

const read = (parts: Parameters<typeof sideBytes>[0]) => {
  const store = evidentStore();
  const sides = sidesOf(store.manifest, sideBytes(parts), 1);
  return { store, found: { sides, neighbors: [] } };
};

test("the curves are of all networks where all their counts were kept, else of the shown one", () => {
  const { store, found } = read([WHOLE.shown, WHOLE.trained, WHOLE.heldOut]);
  expect(sidesToShow(found.sides)).toEqual(["trained", "held_out"]);
  const heldOut = evidenceOf(store, 1, "held_out", found);
  expect([heldOut.networks, heldOut.behind]).toEqual([2, 2]);
  const trained = evidenceOf(store, 1, "trained", found);
  expect([trained.networks, trained.behind]).toEqual([3, 1]);
  const suggested = trained.curves.find(({ roles }) => roles.includes("suggested"));
  expect(suggested?.shares.map((share) => Math.round(30 * (share ?? 0)))).toEqual([10, 24, 0]);
});

test("a class that is in question twice has one curve, and the suggested one is on top", () => {
  const { store, found } = read([WHOLE.shown, WHOLE.trained, WHOLE.heldOut]);
  expect(evidenceOf(store, 1, "trained", found).curves.map(({ roles }) => roles)).toEqual([
    ["predicted", "given"],
    ["suggested"],
  ]);
  expect(evidenceOf(store, 1, "held_out", found).curves.map(({ roles }) => roles)).toEqual([
    ["given"],
    ["predicted", "suggested"],
  ]);
});

test("where none of a side kept the count of a class, it has no curve", () => {
  const none = { ...WHOLE.heldOut, known: [2, 0, 0], shares: [WHOLE.heldOut.shares[0], [], []] };
  const { store, found } = read([WHOLE.shown, WHOLE.trained, none as typeof WHOLE.heldOut]);
  expect(evidenceOf(store, 1, "held_out", found).curves.map(({ roles }) => roles)).toEqual([
    ["given"],
  ]);
});
