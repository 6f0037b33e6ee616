import { expect, test } from "vitest";
import { createCard } from "../../../src/views/parts/examples/card";
import type { ViewContext } from "../../../src/views/parts/view";
import { makeDesk } from "../../annotations/annotated";

test("the card of a point tells of an example only what whoever is blind may know", () => {
  const classes = ["zeppelin", "yurt", "xylophone"];
  const { store, desk } = makeDesk({ blind: true }, { classes });
  const context = { store, desk, tiles: null, theme: () => "light" } as unknown as ViewContext;
  const { element, show } = createCard(context);
  const words = (index: number) => {
    show(index, { x: 0, y: 0 });
    return element.textContent ?? "";
  };
  desk.decide([0], { verdict: "correct" });
  expect(words(0)).toContain("zeppelin");
  expect(words(2)).toBe("Not answered yet");
  desk.setBlind(false);
  expect(words(2)).toContain("yurt");
});
