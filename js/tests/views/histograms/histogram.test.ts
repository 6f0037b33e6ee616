import { describe, expect, test, vi } from "vitest";
import { FakeModel } from "../../fakes";
import { makeStudy, numberBytes, type StudyOptions } from "../../study";
import { frames, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

let opened = 0;

/** A study whose confidences are these, with the histogram of a column open. */
async function openHistogram(
  column = "confidence",
  confidences: readonly number[] = [0.1, Number.NaN, 0.3, 0.5, 0.7, 1],
  options: StudyOptions = {},
) {
  const study = makeStudy({ labels: confidences.map((_, i) => i % 3), ...options });
  const chunks = { ...study.chunks, "column/confidence": numberBytes(confidences) };
  const model = new FakeModel({ ...study, chunks }, `histogram ${++opened}`);
  const view = await show(model);
  const add = view.one("[data-depthviz-control=add-histogram]") as HTMLSelectElement;
  choose(add, column);
  const panel = view.one(`[data-depthviz-histogram="${column}"]`);
  const plot = panel.querySelector<HTMLElement>(".plot");
  if (plot) vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 200, 50));
  HTMLElement.prototype.setPointerCapture = () => {};
  const drag = (from: number, to: number, target: HTMLElement | null = plot) => {
    const at = (type: string, x: number) =>
      target?.dispatchEvent(
        new PointerEvent(type, { bubbles: true, button: 0, buttons: 1, clientX: x }),
      );
    at("pointerdown", from);
    at("pointermove", (from + to) / 2);
    at("pointermove", to);
    at("pointerup", to);
    frames.draw();
  };
  const said = () => panel.querySelector(".range")?.textContent;
  const missing = () => panel.querySelector<HTMLElement>("[data-depthviz-control=missing]");
  const end = (which: "from" | "to") => panel.querySelector(`.end.${which}`) as HTMLElement;
  return { ...view, model, add, panel, drag, said, missing, end };
}

function choose(add: HTMLSelectElement, column: string): void {
  add.value = column;
  add.dispatchEvent(new Event("change", { bubbles: true }));
  frames.draw();
}

describe("the histogram of a column of numbers", () => {
  test("keeps what a drag passes, says it exactly, and does not filter itself", async () => {
    const { root, drag, said, panel } = await openHistogram();
    const filled = () => panel.querySelector(".fill")?.getAttribute("d");
    const before = filled();
    drag(40, 120);
    expect(said()).toBe("0.28 to 0.64");
    expect(root.dataset.depthvizShown).toBe("2");
    expect(filled()).toBe(before);
  });

  test("its brush moves whole, is let go by a click, and a click without it keeps a bar", async () => {
    const { root, drag, said } = await openHistogram();
    drag(40, 120);
    drag(80, 100);
    expect(said()).toBe("0.372 to 0.732");
    drag(80, 200);
    expect(said()).toBe("at least 0.64");
    drag(190, 190);
    expect(said()).toBe("all");
    expect(root.dataset.depthvizShown).toBe("6");
    drag(1, 1);
    expect(root.dataset.depthvizShown).toBe("1");
  });

  test("its ends move by drag and by keys, and an end of the axis is open", async () => {
    const { root, drag, said, end, press } = await openHistogram();
    press(end("from"), "ArrowRight");
    expect(said()).toBe("at least 0.12");
    press(end("from"), "ArrowRight", { shiftKey: true });
    expect(said()).toBe("at least 0.2");
    press(end("to"), "ArrowLeft");
    expect(said()).toBe("0.2 to 0.98");
    expect(end("from").getAttribute("aria-valuenow")).toBe("0.2");
    expect(end("from").getAttribute("aria-valuemax")).toBe("0.98");
    expect(root.dataset.depthvizShown).toBe("3");
    press(end("to"), "Home");
    expect(said()).toBe("0.2");
    press(end("to"), "End");
    drag(0, 100, end("from"));
    expect(said()).toBe("at least 0.552");
    press(end("from"), "Home");
    expect(said()).toBe("all");
    expect(root.dataset.depthvizShown).toBe("6");
  });

  test("missing values have a chip that keeps them, alone or beside a range", async () => {
    const { root, missing, said, drag, click } = await openHistogram();
    expect(missing()?.textContent).toBe("1 missing");
    click(missing() as HTMLElement);
    expect([said(), root.dataset.depthvizShown]).toEqual(["missing", "1"]);
    drag(0, 60);
    expect(root.dataset.depthvizShown).toBe("3");
    click(missing() as HTMLElement);
    expect(root.dataset.depthvizShown).toBe("2");
  });

  test("a brush that is let go beside missing values keeps everything, not those alone", async () => {
    const { root, missing, said, drag, click } = await openHistogram();
    drag(0, 60);
    click(missing() as HTMLElement);
    expect(root.dataset.depthvizShown).toBe("3");
    drag(190, 190);
    expect([said(), root.dataset.depthvizShown]).toEqual(["all", "6"]);
  });

  test("depth keeps ranges too, and its bars show what is kept in part", async () => {
    const { one, drag, said, root } = await openHistogram("depth");
    drag(60, 140);
    expect(said()).toBe("1 to 2");
    const pressed = [0, 1, 2, 3].map((depth) =>
      one(`[data-depthviz-depth="${depth}"]`).getAttribute("aria-pressed"),
    );
    expect(pressed).toEqual(["false", "true", "true", "false"]);
    expect(root.dataset.depthvizShown).toBe("3");
  });

  test.each([
    ["one value", [0.5, 0.5, 0.5]],
    ["infinities", [Number.NEGATIVE_INFINITY, 0.5, Number.POSITIVE_INFINITY]],
    ["only infinities", [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]],
    ["missing values alone", [Number.NaN, Number.NaN]],
  ])("of %s draws and brushes without breaking", async (_, values) => {
    const { panel, root, drag, end, press, missing, click } = await openHistogram(
      "confidence",
      values,
    );
    expect(panel.innerHTML).not.toMatch(/NaN|Infinity/);
    drag(10, 150);
    drag(50, 50);
    if (end("from")) press(end("from"), "ArrowRight");
    if (end("to")) press(end("to"), "Home");
    if (missing()) click(missing() as HTMLElement);
    expect(panel.innerHTML).not.toMatch(/NaN|Infinity/);
    expect(Number(root.dataset.depthvizShown)).toBeGreaterThanOrEqual(0);
  });
});

describe("histograms", () => {
  test("of a class column are bars, the commonest first where there are many", async () => {
    const classes = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
    const options = { classes, predictions: [7, 7, 7, 900, 900, 3] };
    const { panel, root, click, one } = await openHistogram("prediction", undefined, options);
    const bars = [...panel.querySelectorAll<HTMLElement>("[data-depthviz-bar]")];
    expect(bars.slice(0, 3).map((bar) => bar.textContent)).toEqual([
      "class 73",
      "class 9002",
      "class 31",
    ]);
    expect(bars).toHaveLength(200);
    expect(one(".added .hint").textContent).toBe("800 rarer ones");
    click(bars[1] as HTMLElement);
    expect(root.dataset.depthvizShown).toBe("2");
  });

  test("are removed with their filter, and the focus goes to the choice", async () => {
    const { root, panel, drag, click, add, all } = await openHistogram();
    drag(40, 120);
    const choices = () => [...add.options].map(({ value }) => value);
    expect(choices()).not.toContain("confidence");
    click(panel.querySelector("[data-depthviz-control=remove]") as HTMLElement);
    expect(all("[data-depthviz-histogram]")).toHaveLength(0);
    expect(root.dataset.depthvizShown).toBe("6");
    expect(document.activeElement).toBe(add);
    expect(choices()).toContain("confidence");
  });

  test("of texts are a search, which Python may fill and empty", async () => {
    const { panel, root, model } = await openHistogram("example_id");
    const input = panel.querySelector("input") as HTMLInputElement;
    input.value = "E3 ";
    input.dispatchEvent(new Event("input", { bubbles: true }));
    frames.draw();
    expect(root.dataset.depthvizShown).toBe("1");
    expect(input.value).toBe("E3 ");
    model.setFromPython("_ui_state", { filters: { example_id: { contains: "e" } } });
    frames.draw();
    expect([input.value, root.dataset.depthvizShown]).toEqual(["e", "6"]);
    model.setFromPython("_ui_state", { filters: {} });
    frames.draw();
    expect(input.value).toBe("");
  });

  test("by keys: arrows walk the choice, Enter opens", async () => {
    const { add, press, all } = await openHistogram();
    press(add, "ArrowDown");
    choose(add, "correct");
    expect(all("[data-depthviz-histogram]")).toHaveLength(1);
    press(add, "Enter");
    expect(all("[data-depthviz-histogram=correct]")).toHaveLength(1);
  });

  test("that are open come back with the state, and Python may open and close them", async () => {
    const { model, drag, all, root } = await openHistogram();
    drag(40, 120);
    const state = { histograms: ["confidence"], filters: { confidence: { from: 0.28, to: 0.64 } } };
    await vi.waitFor(() => expect(model.get("_ui_state")).toMatchObject(state));
    model.setFromPython("_ui_state", { histograms: ["depth", "correct"], filters: {} });
    frames.draw();
    expect(all("[data-depthviz-histogram]").map((one) => one.dataset.depthvizHistogram)).toEqual([
      "depth",
      "correct",
    ]);
    expect(root.dataset.depthvizShown).toBe("6");
  });
});

test("what else Python can measure of the study is one quiet line", async () => {
  const { root } = await show(new FakeModel(makeStudy(), "nothing to add"));
  expect(root.querySelector(".measurable")).toBeNull();
  const study = makeStudy();
  const manifest = { ...study.manifest, measurable: ["informativeness", "label_quality"] };
  const { one } = await show(new FakeModel({ ...study, manifest }, "measurable"));
  expect(one(".measurable code").textContent).toBe(
    'study = study.add("informativeness", "label_quality")',
  );
});
