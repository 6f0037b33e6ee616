import { expect, test, vi } from "vitest";
import { settle } from "../../fakes";
import { closed, frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const row = (i: number) => ({
  row: [
    ["acid", String(i), "0.5", 4],
    ["<b>kind</b>", "red", "white", 1.5],
  ],
});
const ROWS = [row(0), row(1), null, row(3), row(4), row(5)];
const NEIGHBORS = Array.from({ length: 3 }, () => ROWS.map((_, i) => [(i + 1) % 6]));
const STUDY = { rows: ROWS, images: false, neighbors: NEIGHBORS };

test("a cell has a field a line, in the order in which they come", async () => {
  const { cell } = await open(STUDY);
  expect(cell("e1").querySelector(".excerpt")?.textContent).toBe("acid: 1\n<b>kind</b>: red");
  expect(cell("e2").querySelector(".excerpt")?.textContent).toBe("not in this page");
});

test("the inspector has all fields beside the neighbors' values, those far from them in bold", async () => {
  const { one, all, cell, click } = await open(STUDY);
  click(cell("e3"));
  await settle(frames);
  const table = one(".full-text table");
  const texts = all(".full-text tbody tr").map((line) =>
    [...line.children].map(({ textContent }) => textContent),
  );
  expect(texts).toEqual([
    ["acid", "3", "0.5"],
    ["<b>kind</b>", "red", "white"],
  ]);
  expect(table.querySelectorAll("[data-far]")).toHaveLength(1);
  expect(table.querySelectorAll('th[scope="row"]')).toHaveLength(2);
  expect(one(".picture-note").textContent).toBe(
    "2 of 3 fields, those that differ most from its neighbors at softmax first",
  );
});

test("a neighbor's row stands in its frame as one line of words", async () => {
  const { one, cell, click } = await open(STUDY);
  click(cell("e0"));
  await settle(frames);
  const frame = one('.film-frame[data-neighbor="1"]');
  expect(frame.textContent).toBe("acid: 1, <b>kind</b>: red");
  expect(frame.getAttribute("aria-label")).toContain("text: acid: 1, <b>kind</b>: red");
});

test("rows are no column: they neither filter nor order, and no state makes them", async () => {
  const { root, all } = await open(STUDY, (model) => {
    closed(model);
    const state = { filters: { row: { contains: "acid" } }, histograms: ["row"] };
    model.set("_ui_state", { ...(model.get("_ui_state") as object), ...state });
  });
  expect(root.dataset.depthvizShown).toBe("6");
  expect(all('option[value="row"]')).toEqual([]);
  expect(all('[data-depthviz-histogram="row"]')).toEqual([]);
});
