import { expect, test, vi } from "vitest";
import { makeEnsemble } from "../../ensemble_study";
import { FakeModel, fakeSizes } from "../../fakes";
import { closed, open, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

let sessions = 0;

function openEnsemble(prepare: (model: FakeModel) => void = () => {}) {
  const model = new FakeModel(makeEnsemble(), `findings ${++sessions}`);
  prepare(model);
  return show(model);
}

test("a click filters all views and shrinks the cards to tabs; again lets go", async () => {
  const { root, one, all, click, listed } = await openEnsemble(closed);
  const card = one('[data-depthviz-finding="group:ambiguous"]');
  expect(card.textContent).toContain("1 are ambiguous");
  expect(one(".findings").dataset.small).toBe(undefined);
  click(card);
  expect(listed()).toEqual(["e3"]);
  expect(card.getAttribute("aria-pressed")).toBe("true");
  expect(one(".findings").dataset.small).toBe("");
  expect(all('.finding[aria-pressed="true"]')).toHaveLength(1);
  click(card);
  expect(root.dataset.depthvizShown).toBe("6");
  expect(card.getAttribute("aria-pressed")).toBe("false");
  click(one('[data-depthviz-control="findings"]'));
  expect(one(".findings").dataset.small).toBe(undefined);
});

test("a filter by hand that is the same chooses it too, and pictures are those of its examples", async () => {
  const { one, click, all } = await openEnsemble();
  expect(all(".finding-pictures .picture:not([hidden])").length).toBeGreaterThan(2);
  click(one('.chip[data-depthviz-code="3"]'));
  expect(one('[data-depthviz-finding="group:ambiguous"]').getAttribute("aria-pressed")).toBe(
    "true",
  );
});

test("a study with nothing to find has no such row, and a low view begins with tabs", async () => {
  const { one } = await open({ depths: [0, 0, 0, 0, 0, 0] });
  expect(one(".findings").hidden).toBe(true);
  fakeSizes(1000, 400);
  const low = await openEnsemble();
  expect(low.one(".findings").dataset.small).toBe("");
});
