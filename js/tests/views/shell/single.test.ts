import { expect, test, vi } from "vitest";
import widget from "../../../src/index";
import { FakeModel, fakeSizes, settle } from "../../fakes";
import { makeStudy } from "../../study";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

let sessions = 0;

/** Single views of one study in one page, each with a model of its own. */
async function openAll(views: readonly string[], options: Record<string, unknown> = {}) {
  const session = `singles ${++sessions}`;
  const study = makeStudy();
  const endings: (() => void)[] = [];
  const roots: HTMLElement[] = [];
  for (const view of views) {
    const model = new FakeModel(study, session);
    model.set("_view", view);
    model.set("_options", options);
    model.set("_ui_state", { probe: 0 });
    const el = document.createElement("div");
    document.body.append(el);
    endings.push(widget.render({ model, el }));
    await settle(frames);
    const root = el.querySelector<HTMLElement>(`[data-depthviz="${view}"]`);
    if (!root) throw new Error(`no root for ${view}`);
    roots.push(root);
  }
  return { roots, end: () => endings.forEach((ending) => void ending()) };
}

test("each single view has its own root, with the counts of all", async () => {
  const views = ["grid", "map", "groups", "histogram", "inspector"];
  const { roots, end } = await openAll(views);
  roots.forEach((root, i) => {
    expect(root.dataset.depthvizShown).toBe("6");
    expect(root.querySelector(`[data-depthviz-view="${views[i]}"]`)).not.toBeNull();
    expect(root.querySelectorAll("[data-depthviz-view]").length).toBe(1);
  });
  end();
});

test("what is done in one is seen in the others", async () => {
  const { roots, end } = await openAll(["groups", "grid", "inspector"]);
  const [groups, grid, inspector] = roots as [HTMLElement, HTMLElement, HTMLElement];
  groups.querySelector<HTMLElement>("[data-depthviz-class='1']")?.click();
  frames.draw();
  const listed = [...grid.querySelectorAll("[data-example-id]")];
  expect(grid.dataset.depthvizShown).toBe("2");
  expect(listed.length).toBe(2);
  (listed[1] as HTMLElement).click();
  frames.draw();
  expect(inspector.querySelector(".specimen-id")?.textContent).toBe(
    listed[1]?.getAttribute("data-example-id"),
  );
  expect(inspector.dataset.depthvizSelected).toBe("1");
  end();
});

test("each says what is shown, in words too, and lets the filters of another go", async () => {
  const { roots, end } = await openAll(["groups", "grid"]);
  const [groups, grid] = roots as [HTMLElement, HTMLElement];
  groups.querySelector<HTMLElement>("[data-depthviz-class='1']")?.click();
  frames.draw();
  expect(grid.querySelector(".status")?.textContent).toBe("2 of 6 shown · 0 selected");
  expect(grid.querySelector(".in-words")?.textContent).toBe("Label: dog");
  grid.querySelector<HTMLElement>("[data-depthviz-control=clear-filters]")?.click();
  frames.draw();
  expect([groups.dataset.depthvizShown, grid.dataset.depthvizShown]).toEqual(["6", "6"]);
  end();
});

test.each([
  [300, 480, "very", true],
  [420, 600, "", false],
  [900, 600, null, false],
])(
  "a view %i wide and %i high tells the styles how little room it has",
  async (width, height, narrow, low) => {
    fakeSizes(width, height);
    const { roots, end } = await openAll(["grid"]);
    const [root] = roots as [HTMLElement];
    expect([root.getAttribute("data-narrow"), root.hasAttribute("data-low")]).toEqual([
      narrow,
      low,
    ]);
    end();
  },
);

test("a histogram is that of its column", async () => {
  const { roots, end } = await openAll(["histogram"], { column: "correct" });
  expect(roots[0]?.querySelector("h3")?.textContent).toBe("Correct");
  end();
});

test("brackets step through the probes where there is no axis", async () => {
  const { roots, end } = await openAll(["grid", "inspector"]);
  const [grid, inspector] = roots as [HTMLElement, HTMLElement];
  grid.dispatchEvent(new KeyboardEvent("keydown", { key: "]", bubbles: true, cancelable: true }));
  frames.draw();
  const current = inspector.querySelector(".probes tr[data-current]");
  expect(current?.getAttribute("data-probe")).toBe("1");
  end();
});

test("an unknown view is an Explorer", async () => {
  const { root } = await open({}, (model) => model.set("_view", "constructor"));
  expect(root.dataset.depthviz).toBe("explorer");
});
