import { expect, test, vi } from "vitest";
import { createClassNames } from "../../../../src/views/map/crowd/class_names";
import type { Crowd, Place } from "../../../../src/views/map/crowd/density_grid";
import { contrast, markOfCode, type Rgb } from "../../../../src/views/parts/palette";
import { createFakeScatter } from "../../../fakes";

const EVENTS = { onPick() {}, onLasso() {}, onHover() {} };

/** The map is 300 by 200 pixels, each name 40 by 20. */
function namesOf(...classes: readonly string[]) {
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(40);
  const scatter = createFakeScatter(document.createElement("div"), EVENTS);
  const spread = document.createElement("span");
  const names = createClassNames(scatter, spread);
  names.name(classes.map((name) => ({ name, mark: { color: [1, 2, 3] as Rgb, shape: 0 } })));
  const shown = () =>
    [...names.element.children].flatMap((name) => {
      const { hidden, style, textContent } = name as HTMLElement;
      return hidden ? [] : [[textContent, style.transform]];
    });
  return { names, spread, shown };
}

function crowd(counts: readonly number[], places: readonly (Place | null)[]): Crowd {
  return { density: new Float32Array(0), counts, places };
}

test("each class with a place has its name there, the others are listed", () => {
  const { names, spread, shown } = namesOf("cat", "dog", "ship", "frog");
  const here = crowd([5, 4, 9, 0], [{ x: 0.5, y: 0.5 }, null, { x: 0.2, y: 0.9 }, null]);
  names.move(here, here, 0);
  expect(shown()).toEqual([
    ["cat", "translate(130px, 90px)"],
    ["ship", "translate(40px, 10px)"],
  ]);
  expect(spread.textContent).toBe("spread out: dog");
  names.move(crowd([1, 0, 0, 0], [{ x: 0.5, y: 0.5 }, null, null, null]), here, 0);
  expect(spread.textContent).toBe("");
});

test("between two probes a name is on its way, and which names there are goes by the nearer", () => {
  const { names, shown } = namesOf("cat", "dog");
  const from = crowd([5, 5], [{ x: 0.2, y: 0.5 }, null]);
  const to = crowd(
    [5, 5],
    [
      { x: 0.6, y: 0.5 },
      { x: 0.9, y: 0.1 },
    ],
  );
  names.move(from, to, 0.25);
  expect(shown()).toEqual([["cat", "translate(70px, 90px)"]]);
  names.move(from, to, 0.75);
  expect(shown().map(([name]) => name)).toEqual(["cat", "dog"]);
});

test("the larger class stands at its place, the smaller beside it and never on it", () => {
  const { names, shown } = namesOf("few", "many", "some");
  const place = { x: 0.5, y: 0.5 };
  const here = crowd([1, 9, 5], [place, place, place]);
  names.move(here, here, 0);
  expect(shown()).toEqual([
    ["few", "translate(130px, 110px)"],
    ["many", "translate(130px, 90px)"],
    ["some", "translate(130px, 70px)"],
  ]);
});

test("where there is no room a name is not shown", () => {
  const { names, shown } = namesOf(..."abcdefgh");
  const place = { x: 0.5, y: 0.5 };
  const here = crowd([1, 2, 3, 4, 5, 6, 7, 8], new Array(8).fill(place));
  names.move(here, here, 0);
  expect(shown().map(([name]) => name)).toEqual([..."fgh"]);
});

test("names are for the eye alone", () => {
  expect(namesOf("cat").names.element.getAttribute("aria-hidden")).toBe("true");
});

/** As the style sheet mixes it: 70 % of the class, 30 % of the text. */
test.each([
  ["light", [255, 255, 255], [0x1b, 0x1e, 0x23]],
  ["dark", [0x15, 0x17, 0x1b], [0xe9, 0xeb, 0xee]],
] as const)("every color of a class can be read as a name: %s", (theme, ground, text) => {
  const names = ["easy", "intermediate", "ambiguous", "wrong", ..."abcdefghij"];
  for (const code of names.keys()) {
    const { color } = markOfCode(code, names, theme);
    const mixed = color.map((value, i) => 0.7 * value + 0.3 * (text[i] ?? 0)) as unknown as Rgb;
    expect(contrast(mixed, ground)).toBeGreaterThan(4.5);
  }
});
