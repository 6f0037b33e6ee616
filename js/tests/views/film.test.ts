import { expect, test, vi } from "vitest";
import { frames, open } from "./opened";

vi.mock("../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../src/scatter")>()),
  createScatter: (await import("../fakes")).createFakeScatter,
}));

const STUDY = {
  labels: [0, 0, 1, 1, 2, 2],
  predictions: [1, 0, 1, 1, 2, 2],
  neighbors: Array.from({ length: 3 }, (_, probe) =>
    Array.from({ length: 6 }, (_, i) => [(i + 1 + probe) % 6, (i + 2 + probe) % 6]),
  ),
};

async function opened(options = {}) {
  const view = await open({ ...STUDY, ...options });
  view.click(view.cell("e0"));
  frames.draw();
  const frame = (probe: number, place: number) =>
    view.one(`.film-frame[data-probe="${probe}"][data-place="${place}"]`);
  return { ...view, frame };
}

test("every probe has its neighbors in order, nearest first", async () => {
  const { all } = await opened();
  const found = [0, 1, 2].map((probe) =>
    all(`.film-frame[data-probe="${probe}"]`).map((frame) => Number(frame.dataset.neighbor)),
  );
  expect(found).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test("a neighbor is marked as agreeing with the prediction and with the label", async () => {
  const { frame } = await opened();
  expect(frame(0, 0).dataset).toMatchObject({ agrees: "false", label: "true" });
  expect(frame(0, 1).dataset).toMatchObject({ agrees: "true", label: "false" });
  expect(frame(0, 1).getAttribute("aria-label")).toBe(
    "Neighbor 2 at input: e2, label dog, agrees with the prediction, does not have the given label",
  );
});

test("a neighbor is a step away, and there is a way back and forward", async () => {
  const { frame, one, click, press, root } = await opened();
  click(frame(1, 1));
  expect(one(".specimen-id").textContent).toBe("e3");
  press(root, ",");
  expect(one(".specimen-id").textContent).toBe("e0");
  click(one('[data-depthviz-control="forward"]'));
  expect(one(".specimen-id").textContent).toBe("e3");
});

test("arrows walk the frames, one stop of Tab for all", async () => {
  const { frame, all, press } = await opened();
  frame(0, 0).focus();
  press(frame(0, 0), "ArrowDown");
  press(frame(1, 0), "ArrowRight");
  expect(document.activeElement).toBe(frame(1, 1));
  press(frame(1, 1), "ArrowRight");
  expect(document.activeElement).toBe(frame(1, 1));
  expect(all(".film-frame[tabindex='0']")).toEqual([frame(1, 1)]);
});

test("without pictures the labels stand in their place", async () => {
  const { frame } = await opened({ images: false });
  expect(frame(0, 1).textContent).toContain("dog");
});

test("neighbors that cannot be had are said so in words", async () => {
  const view = await open(STUDY, (model) => {
    const answer = model.answer.bind(model);
    model.answer = (pull) => {
      model.refusal = pull.name.startsWith("neighbors/") ? "Left out of this page." : "";
      answer(pull);
    };
  });
  view.click(view.cell("e0"));
  await vi.waitFor(() => {
    frames.draw();
    expect(view.one(".film").textContent).toContain("Left out of this page.");
  });
});
