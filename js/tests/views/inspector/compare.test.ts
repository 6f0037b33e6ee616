import { expect, test, vi } from "vitest";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const STUDY = {
  labels: [0, 0, 1, 1, 2, 2],
  neighbors: Array.from({ length: 3 }, (_, probe) =>
    Array.from({ length: 6 }, (_, i) => [(i + 1 + probe) % 6, (i + 2 + probe) % 6]),
  ),
};

async function opened() {
  const view = await open(STUDY);
  view.click(view.cell("e0"));
  const inspector = view.one('[data-depthviz-view="inspector"]');
  const ids = () => view.one(".compare-head .note").textContent;
  return { ...view, inspector, ids };
}

test("c puts the nearest neighbor beside the example in focus, and again takes it away", async () => {
  const { inspector, press, one, ids } = await opened();
  expect(one(".compare").hidden).toBe(true);
  press(inspector, "c");
  expect([one(".compare").hidden, one(".focus").hidden]).toEqual([false, true]);
  expect(ids()).toBe("examples e0 and e1");
  press(inspector, "c");
  expect([one(".compare").hidden, one(".focus").hidden]).toEqual([true, false]);
});

test("c compares from the grid as well, once an example is looked at", async () => {
  const { press, cell, one, click } = await opened();
  press(cell("e0"), "c");
  expect(one(".compare").hidden).toBe(false);
  press(cell("e0"), "c");
  click(one('[data-depthviz-control="panel-close"]'));
  press(cell("e0"), "c");
  expect(one(".compare").hidden).toBe(true);
});

test("an example that is closed is compared no more when another is opened", async () => {
  const { inspector, press, cell, one, click } = await opened();
  press(inspector, "c");
  click(one('[data-depthviz-control="panel-close"]'));
  click(cell("e3"));
  expect([one(".compare").hidden, one(".focus").hidden]).toEqual([true, false]);
});

test("s swaps the two and selects nothing; Escape leaves", async () => {
  const { inspector, press, one, root, ids } = await opened();
  const selected = root.dataset.depthvizSelected;
  press(inspector, "c");
  press(inspector, "s");
  expect(ids()).toBe("examples e1 and e0");
  expect(root.dataset.depthvizSelected).toBe(selected);
  press(inspector, "Escape");
  expect(one(".compare").hidden).toBe(true);
  expect(root.dataset.depthvizSelected).toBe(selected);
});

test("of two that are selected the other one is taken", async () => {
  const { cell, click, inspector, press, ids } = await opened();
  click(cell("e4"), { ctrlKey: true });
  press(inspector, "c");
  expect(ids()).toBe("examples e4 and e0");
});

test("neighbors of both are framed, and counted at each probe", async () => {
  const { inspector, press, all, one } = await opened();
  press(inspector, "c");
  const framed = all('.compare-row[data-probe-row="0"] .film-frame[data-shared]');
  expect(framed.map((frame) => frame.dataset.neighbor)).toEqual(["2", "2"]);
  expect(framed[0]?.getAttribute("aria-label")).toContain("a neighbor of both");
  expect(one('.compare-row[data-probe-row="0"]').textContent).toContain("1 shared");
  expect(one(".compare .sentence").textContent).toContain("Alike at every probe: both go to cat.");
});

test("a neighbor that is clicked, or the next one chosen, becomes the other", async () => {
  const { inspector, press, one, all, click, cell, ids } = await opened();
  press(inspector, "c");
  click(one('.compare-row[data-probe-row="2"] .film-strip:not(.mirrored) [data-neighbor="5"]'));
  expect(ids()).toBe("examples e0 and e5");
  click(one('[data-depthviz-control="choose-other"]'));
  click(cell("e3"));
  await vi.waitFor(() => {
    frames.draw();
    expect(ids()).toBe("examples e0 and e3");
  });
  expect(
    all('[role="gridcell"][aria-selected="true"]').map((one) => one.dataset.exampleId),
  ).toEqual(["e0"]);
});

test("arrows go to the previous and the next example of the list", async () => {
  const { inspector, press, one, listed } = await opened();
  const at = listed().indexOf("e0");
  press(inspector, "ArrowRight");
  const next = listed()[at + 1];
  expect(one(".specimen-id").textContent).toBe(next ?? "e0");
  press(inspector, "ArrowLeft");
  expect(one(".head .place").textContent).toContain(`of ${listed().length}`);
});
