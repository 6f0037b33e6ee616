import { describe, expect, test, vi } from "vitest";
import { FakeModel, type FakeScatter, scatters } from "../../fakes";
import { codeBytes } from "../../study";
import { fakeMedia, frames, open, sessions, show, statesDrawn } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

describe("an open Explorer", () => {
  test("shows all examples hardest first and says how many", async () => {
    const { root, listed, one } = await open();
    expect(listed()).toEqual(["e3", "e2", "e1", "e5", "e0", "e4"]);
    expect(one(".status").textContent).toBe("6 of 6 shown · 0 selected");
    expect(root.dataset.depthvizShown).toBe("6");
    expect(root.dataset.depthvizReady).toBe("true");
  });

  test("has every view of the contract", async () => {
    const { all } = await open();
    const views = all("[data-depthviz-view]").map((view) => view.dataset.depthvizView);
    expect(views.sort()).toEqual(["grid", "groups", "histogram", "inspector", "map"]);
  });

  test("a class chip filters grid, map and bars, but not its own counts", async () => {
    const { root, one, all, click, listed } = await open();
    click(one('[data-depthviz-class="1"]'));
    expect(one('[data-depthviz-class="1"]').getAttribute("aria-pressed")).toBe("true");
    expect(listed()).toEqual(["e3", "e2"]);
    expect(root.dataset.depthvizShown).toBe("2");
    expect(statesDrawn()).toEqual([0, 0, 1, 1, 0, 0]);
    const counts = (selector: string) =>
      all(`${selector} .count`).map((count) => Number(count.textContent));
    expect(counts("[data-depthviz-class]")).toEqual([2, 2, 2]);
    expect(counts("[data-depthviz-depth]")).toEqual([0, 0, 1, 1]);
  });

  test("a depth bar toggles, and clear filters brings all back", async () => {
    const { root, one, click } = await open();
    click(one('[data-depthviz-depth="0"]'));
    click(one('[data-depthviz-depth="3"]'));
    expect(root.dataset.depthvizShown).toBe("3");
    click(one('[data-depthviz-depth="0"]'));
    expect(root.dataset.depthvizShown).toBe("1");
    click(one('[data-depthviz-control="clear-filters"]'));
    expect(root.dataset.depthvizShown).toBe("6");
  });

  test("a lasso narrows the grid, and the switch widens it again", async () => {
    const { root, one, listed } = await open();
    scatters[0]?.events.onLasso(Uint32Array.of(0, 5), "replace");
    frames.draw();
    expect(listed()).toEqual(["e5", "e0"]);
    expect(root.dataset.depthvizSelected).toBe("2");
    const only = one("input[role=switch]") as HTMLInputElement;
    only.checked = false;
    only.dispatchEvent(new Event("change", { bubbles: true }));
    frames.draw();
    expect(listed()).toHaveLength(6);
    expect(root.dataset.depthvizSelected).toBe("2");
  });

  test("a click selects one, Ctrl toggles, Shift takes the range", async () => {
    const { all, cell, click, model } = await open();
    const selected = () =>
      all('[aria-selected="true"]').map((element) => element.dataset.exampleId);
    click(cell("e2"));
    expect(selected()).toEqual(["e2"]);
    click(cell("e5"), { shiftKey: true });
    expect(selected()).toEqual(["e2", "e1", "e5"]);
    click(cell("e1"), { ctrlKey: true });
    expect(selected()).toEqual(["e2", "e5"]);
    await vi.waitFor(() => expect(model.saves).toBeGreaterThan(0));
    expect((model.get("_selection") as DataView).getUint8(0)).toBe(0b100100);
  });

  test("a click in a narrowed grid inspects, and keeps what the lasso caught", async () => {
    const { root, cell, click, one } = await open();
    scatters[0]?.events.onLasso(Uint32Array.of(0, 3, 5), "replace");
    frames.draw();
    click(cell("e5"));
    expect(root.dataset.depthvizSelected).toBe("3");
    expect(one(".specimen-id").textContent).toBe("e5");
  });

  test("arrow keys walk the grid with one tab stop, Space selects, Escape clears", async () => {
    const { root, all, cell, press } = await open();
    const first = cell("e3");
    expect(all("[role=gridcell][tabindex='0']")).toEqual([first]);
    first.focus();
    press(first, "ArrowRight");
    expect(document.activeElement).toBe(cell("e2"));
    expect(all("[role=gridcell][tabindex='0']")).toEqual([cell("e2")]);
    press(cell("e2"), " ");
    expect(cell("e2").getAttribute("aria-selected")).toBe("true");
    press(cell("e2"), "End");
    expect(document.activeElement).toBe(cell("e4"));
    press(cell("e4"), "Escape");
    expect(root.dataset.depthvizSelected).toBe("0");
  });

  test("brackets step the probe from anywhere inside", async () => {
    vi.stubGlobal("matchMedia", (query: string) => fakeMedia(query.includes("reduced-motion")));
    const { one, press, root } = await open();
    press(root, "]");
    expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("1");
    press(one("h3"), "]");
    expect(scatters[0]?.calls.setProbe).toEqual([2]);
    press(root, "[");
    expect(scatters[0]?.calls.setProbe).toEqual([1]);
  });

  test("no key that it handles or that comes from inside reaches the notebook", async () => {
    const { one, press, root, cell } = await open();
    const heard: string[] = [];
    const listener = (event: Event) => heard.push((event as KeyboardEvent).key);
    document.addEventListener("keydown", listener);
    for (const key of ["b", "d", "Enter", "Escape", "[", "ArrowDown"]) press(cell("e3"), key);
    press(one('[data-depthviz-control="sort"]'), "a");
    press(cell("e3"), "Tab");
    press(cell("e3"), "s", { ctrlKey: true });
    document.removeEventListener("keydown", listener);
    expect(heard).toEqual(["Tab", "s"]);
    expect(root.dataset.lmSuppressShortcuts).toBe("true");
  });

  test("the slider moves the points, to any place between two probes", async () => {
    const { one } = await open();
    const slider = one('input[data-depthviz-control="probe"]') as HTMLInputElement;
    slider.value = "0.5";
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    frames.draw();
    expect(scatters[0]?.calls.setProbe).toEqual([0.5]);
    expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("0.5");
    expect(slider.getAttribute("aria-valuetext")).toBe("between input and block");
    expect(one(".kept").textContent).toBe("map keeps 46 % of neighbors");
  });

  test("the inspector tells each probe's vote and where the prediction is decided", async () => {
    const { one, all, cell, click } = await open({ depths: [2, 0, 0, 0, 0, 3] }, (model) => {
      const votes = Array.from({ length: 18 }, (_, i) => (i === 6 ? 2 : Math.floor((i % 6) / 2)));
      Object.assign(model.study.chunks, { votes: codeBytes(votes) });
    });
    click(cell("e0"));
    const rows = all("tbody tr");
    expect(rows.map((row) => row.dataset.probe ?? "decided")).toEqual(["0", "1", "decided", "2"]);
    expect(rows.map((row) => row.dataset.agrees)).toEqual(["true", "false", undefined, "true"]);
    click(cell("e5"));
    expect(one(".decision").textContent).toContain("never settled");
  });

  test("marks a wrong prediction by text, not only by color", async () => {
    const { cell } = await open({ predictions: [0, 1, 1, 1, 2, 2] });
    expect(cell("e1").textContent).toBe("Example e1, label cat, Depth 1, predicted →dog");
    expect(cell("e1").querySelector<HTMLElement>(".suggestion")?.hidden).toBe(false);
    expect(cell("e0").querySelector<HTMLElement>(".suggestion")?.hidden).toBe(true);
  });

  test("says neither right nor wrong where label or prediction is missing", async () => {
    const { cell, one, all, click } = await open(
      { labels: [0, 65535, 1, 1, 2, 2], predictions: [0, 1, 1, 1, 2, 65535] },
      (model) => {
        const votes = Array.from({ length: 18 }, (_, i) => (i % 6 === 5 ? 65535 : 1));
        Object.assign(model.study.chunks, { votes: codeBytes(votes) });
      },
    );
    for (const id of ["e1", "e5"]) {
      expect(cell(id).textContent).not.toContain("✕");
      click(cell(id));
      expect(one(".summary").dataset.verdict).toBe("unknown");
      expect(one(".summary").textContent).not.toContain("the label");
    }
    expect(all("tr[data-agrees=true]")).toHaveLength(0);
  });

  test("a wrong prediction is wrong even where two classes bear one name", async () => {
    const { cell } = await open({
      classes: ["crane", "crane", "frog"],
      predictions: [1, 0, 1, 1, 2, 2],
    });
    expect(cell("e0").textContent).toContain("predicted →crane");
  });

  test("the legend of a number explains what is missing, and shows no scale where all is", async () => {
    const { one } = await open({ depths: [0, 1, Number.NaN, 3, 3, 3] });
    const color = one('[data-depthviz-control="color"]') as HTMLSelectElement;
    const choose = (name: string) => {
      color.value = name;
      color.dispatchEvent(new Event("change", { bubbles: true }));
      frames.draw();
    };
    choose("depth");
    expect(one(".legend").textContent).toBe("Depth03missing");
    const all = await open({ depths: [0, 1, 2, 3, 3, 3] }, (model) => {
      model.study.chunks["column/confidence"]?.fill(255);
      model.set("_ui_state", { color: "confidence" });
    });
    expect(all.one(".legend").textContent).toBe("Confidencemissing");
  });

  test("moving between probes leaves colors alone that do not depend on the probe", async () => {
    const { one } = await open();
    const paints = vi.spyOn(scatters[0] as FakeScatter, "setColors");
    const slide = (to: string) => {
      const slider = one('input[data-depthviz-control="probe"]') as HTMLInputElement;
      slider.value = to;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      frames.draw();
    };
    slide("2");
    expect(paints).not.toHaveBeenCalled();
    const color = one('[data-depthviz-control="color"]') as HTMLSelectElement;
    color.value = "probe_vote";
    color.dispatchEvent(new Event("change", { bubbles: true }));
    frames.draw();
    slide("0.6");
    expect(paints).toHaveBeenCalledTimes(2);
    expect(one(".legend-title").textContent).toBe("Vote at block");
  });

  test("hovering in one view highlights in the other, and selects nothing", async () => {
    const { root, cell, one } = await open();
    cell("e1").dispatchEvent(new MouseEvent("pointerover", { bubbles: true }));
    frames.draw();
    expect(statesDrawn()[1]).toBe(5);
    scatters[0]?.events.onHover(4);
    frames.draw();
    expect(cell("e4").dataset.highlight).toBe("");
    expect(one('[data-depthviz-view="map"] .card').textContent).toContain("frog");
    expect(root.dataset.depthvizSelected).toBe("0");
  });

  test("linked views draw once for all that one task changed, without waiting for a frame", async () => {
    const { one, listed } = await open();
    const draws = vi.spyOn(scatters[0] as FakeScatter, "setStates");
    one('button[data-depthviz-class="0"]').click();
    one('[data-depthviz-depth="0"]').click();
    expect(draws).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(draws).toHaveBeenCalledTimes(1);
    expect(listed()).toEqual(["e0"]);
    frames.draw();
    expect(draws).toHaveBeenCalledTimes(1);
  });
});

describe("Python", () => {
  test("sets the selection, and the view follows", async () => {
    const { root, model, all } = await open();
    model.setFromPython("_selection", new DataView(Uint8Array.of(0b101).buffer));
    frames.draw();
    expect(root.dataset.depthvizSelected).toBe("2");
    expect(all('[aria-selected="true"]').map((c) => c.dataset.exampleId)).toEqual(["e2", "e0"]);
  });

  test("hands back a saved state, and the view is as it was", async () => {
    const { root, one, listed } = await open({}, (model) => {
      model.set("_ui_state", {
        probe: 0.5,
        color: "depth",
        sort: "confidence",
        filters: { label: [2] },
        focus: 4,
        frame: { panel: "wide" },
        later: "unknown",
      });
    });
    expect(root.dataset.depthvizShown).toBe("2");
    expect(listed()).toEqual(["e4", "e5"]);
    expect((one('[data-depthviz-control="color"]') as HTMLSelectElement).value).toBe("depth");
    expect((one('[data-depthviz-control="sort"]') as HTMLSelectElement).value).toBe("confidence");
    expect(one(".specimen-id").textContent).toBe("e4");
  });

  test("hands back a filter under which a category has one value, and its panel is there", async () => {
    const { all, root } = await open({ predictions: [0, 1, 1, 1, 2, 2] }, (model) => {
      model.set("_ui_state", { filters: { label: [2] } });
    });
    expect(root.dataset.depthvizShown).toBe("2");
    const panels = all("[data-depthviz-filter]").map((panel) => panel.dataset.depthvizFilter);
    expect(panels).toEqual(["label", "correct"]);
  });

  test("two views of one session show the same", async () => {
    const first = await open();
    const second = await show(new FakeModel(first.model.study, `session ${sessions}`));
    first.click(first.one('[data-depthviz-class="2"]'));
    expect(second.root.dataset.depthvizShown).toBe("2");
    expect(second.listed()).toEqual(["e5", "e4"]);
  });
});
