import { expect, test, vi } from "vitest";
import { fakeSizes, scatters } from "../../fakes";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const selectedIn = (all: (selector: string) => HTMLElement[]) =>
  all('[aria-selected="true"]').map((element) => element.dataset.exampleId);

test("a range begins at the example that the map put in focus", async () => {
  const { all, cell, press, listed } = await open();
  expect(listed()).toEqual(["e3", "e2", "e1", "e5", "e0", "e4"]);
  scatters[0]?.events.onPick(5, "replace");
  frames.draw();
  press(cell("e5"), "ArrowRight", { shiftKey: true });
  expect(selectedIn(all)).toEqual(["e5", "e0"]);
});

test("a range shrinks again, and a new order does not move where it began", async () => {
  const { all, cell, press, click, one } = await open();
  click(cell("e2"));
  press(cell("e2"), "End", { shiftKey: true });
  expect(selectedIn(all)).toHaveLength(5);
  press(cell("e4"), "ArrowLeft", { shiftKey: true });
  expect(selectedIn(all)).toEqual(["e2", "e1", "e5", "e0"]);
  click(one(".direction"));
  click(cell("e0"));
  click(one(".direction"));
  click(cell("e5"), { shiftKey: true });
  expect(selectedIn(all)).toEqual(["e5", "e0"]);
});

test("the cell in focus stays in its place when its example leaves the listing", async () => {
  const { cell, press } = await open();
  scatters[0]?.events.onLasso(Uint32Array.of(1, 2, 3), "replace");
  frames.draw();
  cell("e1").focus();
  press(cell("e3"), "End");
  expect(document.activeElement).toBe(cell("e1"));
  press(cell("e1"), " ");
  expect(document.activeElement).toBe(cell("e2"));
  press(cell("e2"), " ");
  expect(document.activeElement).toBe(cell("e3"));
});

test("focus stays in the grid when Python or another view empties it", async () => {
  const { cell, one, click, listed } = await open({ labels: [0, 0, 0], classes: ["cat", "dog"] });
  cell("e2").focus();
  click(one('[data-depthviz-class="1"]'));
  expect(listed()).toEqual([]);
  expect(document.activeElement).toBe(one("[role=grid]"));
});

test("rows that are out of use hold no example", async () => {
  fakeSizes(200, 1200);
  const { all, one, click } = await open();
  expect(all("[data-example-id]")).toHaveLength(6);
  click(one('[data-depthviz-class="1"]'));
  expect(all("[data-example-id]")).toHaveLength(2);
  expect(all('[data-position="0"]')).toHaveLength(1);
});

test("a view that the notebook puts away keeps its columns and its layout", async () => {
  vi.stubGlobal("ResizeObserver", FakeResizes);
  const { one, root } = await open();
  const columns = one("[role=grid]").getAttribute("aria-colcount");
  fakeSizes(0, 0);
  FakeResizes.fire();
  expect(one("[role=grid]").getAttribute("aria-colcount")).toBe(columns);
  expect(root.dataset.layout).toBe("medium");
});

class FakeResizes {
  static readonly callbacks = new Set<() => void>();
  readonly #callback: () => void;
  constructor(callback: () => void) {
    this.#callback = callback;
    FakeResizes.callbacks.add(callback);
  }
  observe() {}
  disconnect() {
    FakeResizes.callbacks.delete(this.#callback);
  }
  static fire() {
    for (const callback of FakeResizes.callbacks) callback();
    frames.draw();
  }
}
