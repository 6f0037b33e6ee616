import { describe, expect, test, vi } from "vitest";
import { GROUPS, makeEnsemble } from "../../ensemble_study";
import { FakeModel, type FakeScatter, scatters } from "../../fakes";
import { frames, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

let opened = 0;

async function openPlane() {
  const view = await show(new FakeModel(makeEnsemble(), `plane ${++opened}`));
  const field = view.one(".density");
  vi.spyOn(field, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 200, 156));
  HTMLElement.prototype.setPointerCapture = () => {};
  const counts = () =>
    view.all('[data-depthviz-filter="group"] .chip .count').map(({ textContent }) => textContent);
  const handle = (name: string) => view.one(`[data-depthviz-control="${name}"]`);
  const point = (target: HTMLElement, type: string, x: number, y: number) => {
    const more = { bubbles: true, cancelable: true, button: 0, buttons: 1, pointerId: 1 };
    target.dispatchEvent(new PointerEvent(type, { ...more, clientX: x, clientY: y }));
    frames.draw();
  };
  return { ...view, field, counts, handle, point };
}

describe("the plane's boundaries", () => {
  test("are sliders that say their value and the groups on their side", async () => {
    const { handle } = await openPlane();
    const low = handle("train-low");
    expect(low.getAttribute("role")).toBe("slider");
    expect(low.getAttribute("aria-valuenow")).toBe("0.5");
    expect(low.getAttribute("aria-valuemax")).toBe("2.5");
    expect(low.getAttribute("aria-valuetext")).toBe(
      "0.5; easy 1, ambiguous unless the label is given 1",
    );
  });

  test("move by arrows, in large steps with Shift, to their ends by Home and End", async () => {
    const { handle, press, counts } = await openPlane();
    const low = handle("train-low");
    const value = () => Number(low.getAttribute("aria-valuenow"));
    expect(press(low, "ArrowRight").defaultPrevented).toBe(true);
    expect(value()).toBe(0.52);
    press(low, "ArrowLeft", { shiftKey: true });
    expect(value()).toBe(0.4);
    press(low, "End");
    expect(value()).toBe(2.5);
    expect(counts()).toEqual(["1", "1", "1", "1", "1"]);
    press(handle("validation-low"), "End");
    expect(counts()).toEqual(["2", "1", "1", "1", "0"]);
    press(low, "Home");
    expect(value()).toBe(0);
    expect(counts()).toEqual(["1", "1", "1", "1", "1"]);
  });

  test("drag, and everything follows: corners, chips, filter and the map's colors", async () => {
    const { root, handle, point, counts, click, one } = await openPlane();
    click(one('.chip[data-depthviz-code="0"]'));
    expect(root.dataset.depthvizShown).toBe("1");
    const corner = () => one('path[data-depthviz-corner="0"]').getAttribute("d");
    const before = corner();
    for (const [name, x, y] of [
      ["train-low", 110, 0],
      ["validation-low", 0, 70],
    ] as const) {
      point(handle(name), "pointerdown", 0, 0);
      point(handle(name), "pointermove", x, y);
      point(handle(name), "pointerup", x, y);
    }
    expect(counts()).toEqual(["2", "1", "1", "1", "0"]);
    expect(root.dataset.depthvizShown).toBe("2");
    expect(corner()).not.toBe(before);
    const [shapes] = (scatters[0] as FakeScatter).calls.setShapes ?? [];
    expect([...(shapes as Uint8Array)]).toEqual([0, 2, 3, 1, 0, 7]);
  });

  test("stop at each other, and where they meet the way of the hand tells which one moves", async () => {
    const { handle, point, press } = await openPlane();
    const [low, high] = [handle("train-low"), handle("train-high")];
    press(low, "End");
    point(low, "pointerdown", 0, 0);
    point(low, "pointermove", 195, 0);
    expect(Number(low.getAttribute("aria-valuenow"))).toBe(2.5);
    expect(Number(high.getAttribute("aria-valuenow"))).toBeGreaterThan(2.5);
    point(low, "pointermove", 0, 0);
    expect(Number(high.getAttribute("aria-valuenow"))).toBe(2.5);
  });

  test("go back by reset, and only moved ones offer it and doubt the confidence", async () => {
    const { handle, press, click, one, all } = await openPlane();
    const reset = handle("reset-groups");
    const hint = () => one(".group-controls .hint");
    expect(reset.getAttribute("aria-disabled")).toBe("true");
    expect(hint().hidden).toBe(true);
    press(handle("train-low"), "ArrowRight");
    expect(reset.getAttribute("aria-disabled")).toBe("false");
    expect(hint().textContent).toContain("confidence");
    expect(all(".quantile")[0]?.textContent).toBe("by hand");
    click(reset);
    expect(handle("train-low").getAttribute("aria-valuenow")).toBe("0.5");
    expect(hint().hidden).toBe(true);
  });

  test("all move by the quantile", async () => {
    const { handle, counts } = await openPlane();
    const input = handle("quantile") as HTMLInputElement;
    input.value = "0.5";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    frames.draw();
    expect(handle("train-low").getAttribute("aria-valuenow")).toBe("1.25");
    expect(handle("train-high").getAttribute("aria-valuenow")).toBe("1.25");
    expect(counts()).toEqual(["1", "1", "1", "1", "1"]);
  });

  test("are kept in the state that Python sees", async () => {
    const { handle, press, model } = await openPlane();
    press(handle("validation-high"), "End");
    await vi.waitFor(() =>
      expect(model.get("_ui_state")).toMatchObject({ boundaries: [0.5, 2.5, 0.25, 3] }),
    );
    model.setFromPython("_ui_state", { boundaries: [0, 0.5, 0, 0.5] });
    frames.draw();
    expect(handle("validation-high").getAttribute("aria-valuenow")).toBe("0.5");
  });
});

describe("a drag across the plane", () => {
  test("keeps both depths, does not toggle a corner, and a click beside lets go", async () => {
    const { root, field, point, click, one, all } = await openPlane();
    const drawn = all("path.bin")
      .map((bin) => bin.getAttribute("d"))
      .join("");
    point(field, "pointerdown", 0, 156);
    point(field, "pointermove", 130, 60);
    point(field, "pointerup", 130, 60);
    click(one('path[data-depthviz-corner="0"]'));
    expect(root.dataset.depthvizShown).toBe("2");
    expect(one(".kept-area").hidden).toBe(false);
    expect(
      all("path.bin")
        .map((bin) => bin.getAttribute("d"))
        .join(""),
    ).toBe(drawn);
    expect(one('.chip[data-depthviz-code="0"]').getAttribute("aria-pressed")).toBe("false");
    click(field);
    expect(root.dataset.depthvizShown).toBe("6");
    expect(one(".kept-area").hidden).toBe(true);
  });

  test("goes by the rule of the histogram for examples without a value", async () => {
    const { model, root, field, point, click, one } = await openPlane();
    model.setFromPython("_ui_state", { filters: { validation_depth: { missing: true } } });
    frames.draw();
    expect(root.dataset.depthvizShown).toBe("1");
    expect(one(".kept-area").hidden).toBe(true);
    click(field);
    expect(root.dataset.depthvizShown).toBe("1");
    point(field, "pointerdown", 0, 156);
    point(field, "pointermove", 130, 60);
    point(field, "pointerup", 130, 60);
    click(field);
    expect(one(".kept-area").hidden).toBe(false);
    expect(root.dataset.depthvizShown).toBe("3");
  });
});

test("groups by other rules have boundaries to see and none to move", async () => {
  const study = makeEnsemble();
  const names = GROUPS.map((name) => (name === "intermediate" ? "the rest" : name));
  const plane = { boundaries: [0.5, 2.5, 0.25, 2.5] as const, names };
  const model = new FakeModel({ ...study, manifest: { ...study.manifest, plane } }, "other rules");
  const { all } = await show(model);
  expect(all(".boundary-line")).toHaveLength(4);
  expect(all(".boundary, [data-depthviz-control=quantile]")).toHaveLength(0);
});
