import { beforeEach, expect, test, vi } from "vitest";
import { type FakeScatter, scatters } from "../../fakes";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const scatter = () => scatters[0] as FakeScatter;

function touch(element: HTMLElement, type: string, pointerType = "touch"): void {
  element.dispatchEvent(new PointerEvent(type, { pointerType, bubbles: true, cancelable: true }));
}

function wait(ms: number): void {
  vi.advanceTimersByTime(ms);
  frames.draw();
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return () => vi.useRealTimers();
});

test("a finger that rests on a cell opens its example, and selects nothing", async () => {
  const { root, model, cell } = await open();
  touch(cell("e2"), "pointerdown");
  wait(600);
  wait(2000);
  expect(root.dataset.depthvizSelected).toBe("0");
  expect(model.get("_ui_state")).toMatchObject({ focus: 2, frame: { panel: "wide" } });
});

test("one that scrolls or lifts in time opens nothing, and neither does a mouse", async () => {
  const { model, cell } = await open();
  for (const end of ["pointercancel", "pointerup"]) {
    touch(cell("e2"), "pointerdown");
    wait(400);
    touch(cell("e2"), end);
    wait(600);
  }
  touch(cell("e2"), "pointerdown", "mouse");
  wait(2600);
  expect(model.get("_ui_state")).not.toMatchObject({ focus: 2 });
});

test("on the map it opens the example that the finger is on", async () => {
  const { root, model } = await open();
  touch(scatter().canvas, "pointerdown");
  Object.assign(scatter(), { hovered: 2 });
  wait(600);
  wait(2000);
  expect(root.dataset.depthvizSelected).toBe("0");
  expect(model.get("_ui_state")).toMatchObject({ focus: 2, frame: { panel: "wide" } });
});

test("a finger lets go of the chosen tool, a mouse does not", async () => {
  const { one } = await open();
  const lasso = one('[data-depthviz-control="lasso"]');
  const press = (pointerType: string) =>
    lasso.dispatchEvent(new PointerEvent("click", { pointerType, bubbles: true }));
  press("touch");
  expect(lasso.getAttribute("aria-pressed")).toBe("false");
  expect(scatter().calls.setTool).toEqual(["none"]);
  press("touch");
  press("mouse");
  expect(lasso.getAttribute("aria-pressed")).toBe("true");
  expect(scatter().calls.setTool).toEqual(["lasso"]);
});
