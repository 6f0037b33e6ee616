import { describe, expect, test, vi } from "vitest";
import { contrast, markOfCode } from "../../../src/views/parts/palette";
import { GROUPS, makeEnsemble } from "../../ensemble_study";
import { FakeModel, type FakeScatter, scatters } from "../../fakes";
import { frames, open, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

let opened = 0;
const openEnsemble = () => show(new FakeModel(makeEnsemble(), `ensemble ${++opened}`));

describe("a study of many networks", () => {
  test("chips count the groups and filter everything else, also by the keyboard's way", async () => {
    const { root, all, one, click, listed } = await openEnsemble();
    const chips = all('[data-depthviz-filter="group"] .chip');
    expect(chips.map((chip) => chip.textContent)).toEqual(GROUPS.map((name) => `${name}1`));
    expect(chips.map((chip) => (chip as HTMLButtonElement).tabIndex)).toEqual([0, -1, -1, -1, -1]);
    click(chips[1] as HTMLElement);
    expect(listed()).toEqual(["e1"]);
    expect(root.dataset.depthvizShown).toBe("1");
    expect(one("path.corner[data-kept] title").textContent).toBe(GROUPS[1]);
  });

  test("a corner of the plane does what its chip does", async () => {
    const { root, one, all, click } = await openEnsemble();
    click(one('path[data-depthviz-corner="3"]'));
    expect(one('.chip[data-depthviz-code="3"]').getAttribute("aria-pressed")).toBe("true");
    click(one('.corner-name[data-depthviz-corner="0"]'));
    expect(root.dataset.depthvizShown).toBe("2");
    expect(all("path.corner[data-kept]")).toHaveLength(2);
    click(one('path[data-depthviz-corner="3"]'));
    click(one('path[data-depthviz-corner="0"]'));
    expect(root.dataset.depthvizShown).toBe("6");
  });

  test("corners lie at the ends that the boundaries cut off", async () => {
    const { one } = await openEnsemble();
    const box = (code: number) => {
      const d = one(`path[data-depthviz-corner="${code}"]`).getAttribute("d") ?? "";
      const [, left, top, right, bottom] = /^M(\S+) (\S+)H(\S+)V([\d.]+)/.exec(d) ?? [];
      return [left, top, right, bottom].map(Number);
    };
    const [easy, other, unless, ambiguous] = [0, 1, 2, 3].map(box);
    expect([easy?.[0], easy?.[3]]).toEqual([0, 78]);
    expect([other?.[2], other?.[3]]).toEqual([100, 78]);
    expect([unless?.[0], unless?.[1]]).toEqual([0, 0]);
    expect([ambiguous?.[1], ambiguous?.[2]]).toEqual([0, 100]);
    expect(easy?.[2]).toBe(unless?.[2]);
    expect(easy?.[2]).toBeLessThan(other?.[0] ?? 0);
    expect(easy?.[1]).toBe(other?.[1]);
  });

  test("the plane follows the other filters and not its own", async () => {
    const { one, all, click } = await openEnsemble();
    const drawn = () =>
      all("path.bin").flatMap((bin) => bin.getAttribute("d")?.match(/M/g) ?? []).length;
    expect(drawn()).toBe(5);
    click(one('.chip[data-depthviz-code="0"]'));
    expect(drawn()).toBe(5);
    click(one('[data-depthviz-class="0"]'));
    expect(drawn()).toBe(2);
  });

  test("both depths have bars that filter by whole depths", async () => {
    const { all, one, click, listed, root } = await openEnsemble();
    const counts = (name: string) =>
      all(`[data-depthviz-column="${name}"] .count`).map(({ textContent }) => Number(textContent));
    expect(counts("train_depth")).toEqual([2, 2, 1, 1]);
    expect(counts("validation_depth")).toEqual([2, 1, 0, 2]);
    click(one('[data-depthviz-column="validation_depth"] [data-depthviz-bar="0"]'));
    expect(listed()).toHaveLength(2);
    expect(counts("train_depth")).toEqual([1, 0, 1, 0]);
    expect(counts("validation_depth")).toEqual([2, 1, 0, 2]);
    click(one('[data-depthviz-depth="2"]'));
    expect(root.dataset.depthvizShown).toBe("1");
  });

  test("sorts by either depth, hardest first and missing last", async () => {
    const { one, listed } = await openEnsemble();
    const sort = one('[data-depthviz-control="sort"]') as HTMLSelectElement;
    const by = (name: string) => {
      sort.value = name;
      sort.dispatchEvent(new Event("change", { bubbles: true }));
      frames.draw();
      return listed();
    };
    expect(by("train_depth")).toEqual(["e3", "e1", "e4", "e5", "e0", "e2"]);
    expect(by("validation_depth")).toEqual(["e2", "e3", "e4", "e0", "e1", "e5"]);
    const choices = [...sort.options].map(({ value }) => value);
    expect(choices.indexOf("validation_depth")).toBeLessThan(choices.indexOf("depth"));
    expect(choices.some((name) => name.endsWith("_se"))).toBe(false);
  });

  test("a cell says what it is sorted by, its group, and what members that held it out predict", async () => {
    const { cell, one } = await openEnsemble();
    const sort = one('[data-depthviz-control="sort"]') as HTMLSelectElement;
    sort.value = "validation_depth";
    sort.dispatchEvent(new Event("change", { bubbles: true }));
    frames.draw();
    expect(cell("e1").textContent).toBe(
      "Example e1, label cat, validation_depth 0.0, predicted →dog",
    );
    expect(cell("e1").dataset.group).toBe(GROUPS[1]);
    expect(cell("e1").querySelector<SVGElement>(":scope > .swatch")?.style.display).toBe("");
    expect(cell("e5").textContent).toContain("validation_depth –");
    expect(cell("e5").dataset.group).toBeUndefined();
  });

  test("a cell that is in sight takes the group that a moved boundary gives it", async () => {
    const { one, cell, press } = await openEnsemble();
    expect(cell("e4").dataset.group).toBe(GROUPS[4]);
    press(one('[data-depthviz-control="train-low"]'), "End");
    press(one('[data-depthviz-control="validation-low"]'), "End");
    frames.draw();
    expect(cell("e4").dataset.group).not.toBe(GROUPS[4]);
  });

  test("the inspector tells errors and how many members stand behind a depth", async () => {
    const { one, cell, click } = await openEnsemble();
    click(cell("e0"));
    const text = () => one(".summary").textContent;
    expect(text()).toContain("Depth, trained on0.0 ± 0.4(18 members)");
    expect(text()).toContain("Depth, held out0.25(2 members)");
    expect(text()).toContain("Group is the same in92 % of resamples");
    expect(text()).toContain("Consensuscatthe label");
    expect(one(".of-member").textContent).toContain("Member 0Predictionfrog");
    click(cell("e4"));
    expect(text()).toContain("Depth, trained on1.5 ± 0.4(1 member)");
    click(cell("e5"));
    expect(text()).toContain("Depth, held out–(0 members)");
    expect(text()).toContain("Consensusnone");
    expect(one(".summary").dataset.verdict).toBe("unknown");
  });

  test("the map is colored by group, with a shape for each name", async () => {
    const { one } = await openEnsemble();
    expect(one(".legend-title").textContent).toBe("Group");
    const [shapes] = (scatters[0] as FakeScatter).calls.setShapes ?? [];
    expect([...(shapes as Uint8Array)]).toEqual([0, 2, 3, 1, 7, 7]);
  });

  test("the card under the pointer names both depths and the group", async () => {
    const { one } = await openEnsemble();
    scatters[0]?.events.onHover(3);
    frames.draw();
    expect(one('[data-depthviz-view="map"] .card').textContent).toBe(
      "dogdepth 3.0 trained on, 3.0 held outambiguous",
    );
  });
});

test.each(["light", "dark"] as const)("group marks stand out in the %s theme", (theme) => {
  const grounds = {
    light: [[255, 255, 255]],
    dark: [
      [22, 24, 29],
      [33, 33, 33],
      [17, 17, 17],
    ],
  } as const;
  const marks = GROUPS.map((_, code) => markOfCode(code, GROUPS, theme));
  for (const { color } of marks) {
    for (const ground of grounds[theme]) expect(contrast(color, ground)).toBeGreaterThanOrEqual(3);
  }
  expect(new Set(marks.map(({ shape }) => shape)).size).toBe(GROUPS.length);
});

test("one network has neither plane nor second depth", async () => {
  const { all, one } = await open();
  expect(all("[data-depthviz-plane], .pair, .depths, .of-member")).toHaveLength(0);
  expect(all("[data-group]")).toHaveLength(0);
  expect(one(".legend-title").textContent).toBe("Label");
});
