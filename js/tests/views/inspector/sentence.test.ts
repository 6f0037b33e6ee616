import { expect, test } from "vitest";
import { evidenceOf } from "../../../src/store/details/evidence";
import { sidesOf } from "../../../src/store/details/sides";
import { sentenceOn, type Words } from "../../../src/views/inspector/answer/sentence";
import { evidentStore, type PackedSide, sideBytes, WHOLE } from "../../sides";

function said(
  options: Parameters<typeof evidentStore>[0] = {},
  sides: readonly PackedSide[] = [WHOLE.shown, WHOLE.trained, WHOLE.heldOut],
): readonly Words[] {
  const store = evidentStore(options);
  const found = sidesOf(store.manifest, sideBytes(sides), 1);
  const name = found.length > 1 ? "trained" : "shown";
  const evidence = evidenceOf(store, 1, name, { sides: found, neighbors: [] });
  return sentenceOn(store, 1, evidence, found);
}

const text = (words: readonly Words[]) => words.map((word) => word.text).join("");

test("a wrong label that is known by heart is told by its neighbors and by both kinds of networks", () => {
  const words = said();
  expect(text(words)).toBe(
    "Probably a wrong label: 24 of its 30 nearest at block3 are labeled horse, 2 dog. The networks that trained on it repeat the label dog from block4 on; both that held it out say horse.",
  );
  const strong = words.filter((word) => word.strong).map((word) => word.text);
  expect(strong).toEqual(["24 of its 30 nearest at block3 are labeled horse", "dog", "horse"]);
});

test("few neighbors for another class are no proof", () => {
  const few = {
    ...WHOLE.shown,
    shares: [
      [2, 2, 30],
      [3, 9, 0],
      [2, 2, 30],
    ],
  };
  const sides = [few, WHOLE.trained, WHOLE.heldOut];
  expect(text(said({ group: "intermediate" }, sides))).toMatch(
    /^Perhaps a wrong label: 9 of its 30 nearest at block3/,
  );
});

test("without suspicion the label is what is spoken of", () => {
  const agreed = {
    ...WHOLE.shown,
    shares: [
      [20, 28, 30],
      [3, 1, 0],
      [20, 28, 30],
    ],
  };
  const sides = [
    agreed,
    { ...WHOLE.trained, facts: [3, 0, 3, 3, 0, 0, 3] },
    { ...WHOLE.heldOut, facts: [4, 0, 3, 3, 1, 1, 3] },
  ];
  expect(text(said({ suspicion: -1 }, sides))).toBe(
    "Its neighbors agree with its label: 30 of its 30 nearest at block4 are labeled dog, none horse. The networks that trained on it say dog at every probe; 3 of the 4 that held it out say dog.",
  );
});

test("networks that never settle, one that held it out alone, and those that differ are told as such", () => {
  const sides = [
    WHOLE.shown,
    { ...WHOLE.trained, facts: [1, 1, 1, 0, 1, 3, 3] },
    { ...WHOLE.heldOut, facts: [1, 1, 1, 0, 1, 3, 0] },
  ];
  expect(text(said({}, sides))).toContain(
    "Even the network that trained on it says horse; the one that held it out says horse.",
  );
  const unsettled = { ...WHOLE.trained, facts: [3, 0, 2, 2, 1, 3, 3] };
  expect(text(said({}, [WHOLE.shown, unsettled, WHOLE.heldOut]))).toContain(
    "The networks that trained on it never settle on dog; both",
  );
  const split = [WHOLE.shown, WHOLE.trained, { ...WHOLE.heldOut, facts: [4, 1, 3, 1, 3, 3, 0] }];
  expect(text(said({}, split))).toContain("3 of the 4 that held it out say horse, 1 dog.");
});

test("one network says from which probe on the others follow", () => {
  expect(text(said({ names: ["shown"] }, [WHOLE.shown]))).toBe(
    "Probably a wrong label: 24 of its 30 nearest at block3 are labeled horse, 2 dog. The network, which trained on it, says dog, and the probes from block4 on.",
  );
});
