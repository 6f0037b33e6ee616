import { afterEach, expect, test, vi } from "vitest";
import { placeNextTo } from "../../../src/views/grid/grid_card";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

afterEach(() => {
  vi.useRealTimers();
});

const CARD = '[data-depthviz-view="grid"] .card';

test("the card comes when the pointer has rested on a cell, and goes at a key", async () => {
  const { one, cell, press } = await open();
  vi.useFakeTimers();
  cell("e1").dispatchEvent(new Event("pointerover", { bubbles: true }));
  expect(one(CARD).hidden).toBe(true);
  vi.advanceTimersByTime(500);
  expect(one(CARD).hidden).toBe(false);
  expect(one(CARD).textContent).toContain("depth");
  press(cell("e1"), "ArrowRight");
  expect(one(CARD).hidden).toBe(true);
  vi.advanceTimersByTime(5000);
});

test("a pointer that only passes opens no card", async () => {
  const { one, cell } = await open();
  vi.useFakeTimers();
  for (const id of ["e1", "e2", "e3"]) {
    cell(id).dispatchEvent(new Event("pointerover", { bubbles: true }));
    vi.advanceTimersByTime(200);
  }
  expect(one(CARD).hidden).toBe(true);
  one("[role=grid]").dispatchEvent(new Event("scroll"));
  vi.advanceTimersByTime(2000);
  expect(one(CARD).hidden).toBe(true);
});

test.each([
  [{ x: 0, y: 0, width: 70, height: 90 }],
  [{ x: 320, y: 400, width: 70, height: 90 }],
  [{ x: 150, y: 200, width: 150, height: 180 }],
  [{ x: 0, y: 300, width: 400, height: 190 }],
])("the card never covers its cell: %o", (cell) => {
  const card = { width: 200, height: 70 };
  const { x, y } = placeNextTo(cell, card, { width: 400, height: 500 });
  const apart =
    x >= cell.x + cell.width ||
    x + card.width <= cell.x ||
    y >= cell.y + cell.height ||
    y + card.height <= cell.y;
  expect(apart).toBe(true);
});

test("three sizes, by control and by keys, kept in the state, and the focus stays", async () => {
  const { one, cell, press, model } = await open();
  const size = one('[data-depthviz-control="size"]') as HTMLSelectElement;
  const columns = () => Number(one("[role=grid]").getAttribute("aria-colcount"));
  const medium = columns();
  cell("e3").focus();
  press(cell("e3"), "+");
  frames.draw();
  expect([size.value, columns() < medium]).toEqual(["large", true]);
  expect([...size.options].map(({ text, value }) => [text, value])).toEqual([
    ["S", "small"],
    ["M", "medium"],
    ["L", "large"],
  ]);
  expect(size.title).toContain("small, medium or large");
  expect(document.activeElement).toBe(cell("e3"));
  press(cell("e3"), "+");
  press(cell("e3"), "-");
  press(cell("e3"), "-");
  expect([size.value, columns() > medium]).toEqual(["small", true]);
  size.value = "large";
  size.dispatchEvent(new Event("change"));
  frames.draw();
  await vi.waitFor(() => expect(model.get("_ui_state")).toMatchObject({ size: "large" }));
});

test("a saved size is taken over, an unknown one is not", async () => {
  const { one } = await open({}, (model) => model.set("_ui_state", { size: "small" }));
  expect(one("[role=grid]").dataset.size).toBe("small");
  const other = await open({}, (model) => model.set("_ui_state", { size: "huge" }));
  expect(other.one("[role=grid]").dataset.size).toBe("medium");
});

test("the example in focus is selected from the inspector, where no other view lists it", async () => {
  const { root, one, click } = await open();
  const select = one('[data-depthviz-control="select-focus"]');
  click(select);
  expect([root.dataset.depthvizSelected, select.getAttribute("aria-pressed")]).toEqual([
    "1",
    "true",
  ]);
  click(select);
  expect(root.dataset.depthvizSelected).toBe("0");
});
