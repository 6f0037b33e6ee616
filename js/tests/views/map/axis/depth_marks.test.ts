import { expect, test, vi } from "vitest";
import { makeEnsemble } from "../../../ensemble_study";
import { FakeModel, scatters } from "../../../fakes";
import { frames, open, show } from "../../opened";

vi.mock("../../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../../src/scatter")>()),
  createScatter: (await import("../../../fakes")).createFakeScatter,
}));

const DEPTHS = [0, 1, 2, 3, 1, 2];

async function opened() {
  const view = await open({ depths: DEPTHS });
  const mark = () => view.one('[data-depthviz-decided="0"]');
  return { ...view, mark, words: () => view.one(".decided-words").textContent };
}

test.each([
  ["e0", "17%", "Decided: at input (depth 0)", "e0 is decided at input (depth 0)"],
  ["e1", "50%", "Decided: at block (depth 1)", "e1 is decided at block (depth 1)"],
  ["e2", "83%", "Decided: at softmax (depth 2)", "e2 is decided at softmax (depth 2)"],
])("the depth of the example in focus is marked on the axis: %s", async (id, left, label, said) => {
  const { mark, words, cell, click } = await opened();
  click(cell(id));
  expect(`${Math.round(Number.parseFloat(mark().style.left))}%`).toBe(left);
  expect(mark().getAttribute("aria-label")).toBe(label);
  expect(mark().getAttribute("role")).toBe("img");
  expect(mark().dataset.undecided).toBeUndefined();
  expect(words()).toBe(said);
});

test("an undecided example is marked beyond the last probe, and said so", async () => {
  const { mark, words, cell, click } = await opened();
  click(cell("e3"));
  expect(mark().dataset.undecided).toBe("");
  expect(mark().getAttribute("aria-label")).toContain("undecided even at the last probe");
  expect(words()).toBe("e3 is undecided even at softmax");
});

test("the example under the pointer is marked while it is there", async () => {
  const { mark, words, cell, click } = await opened();
  click(cell("e0"));
  scatters[0]?.events.onHover(1);
  frames.draw();
  expect(mark().style.left).toBe("50%");
  scatters[0]?.events.onHover(null);
  frames.draw();
  expect(words()).toContain("e0");
});

test("two depths have two marks, each told apart by words", async () => {
  const { all, one, cell, click } = await show(new FakeModel(makeEnsemble(), "two marks"));
  click(cell("e3"));
  const marks = all("[data-depthviz-decided]");
  expect(marks.map((mark) => mark.getAttribute("aria-label"))).toEqual([
    expect.stringContaining("Decided when trained on"),
    expect.stringContaining("Decided when held out"),
  ]);
  expect(one(".decided-words").textContent).toContain("when trained on ▼");
  click(cell("e5"));
  expect(marks.map((mark) => mark.hidden)).toEqual([false, true]);
  expect(one(".decided-words").textContent).toContain("when held out ▽ unknown");
});
