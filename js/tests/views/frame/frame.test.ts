import { expect, test, vi } from "vitest";
import { FakeModel, scatters } from "../../fakes";
import { makeStudy } from "../../study";
import { closed, frames, open, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("the panel opens with an example, closes by Escape, and the focus goes back to its cell", async () => {
  const { one, cell, click, press } = await open({}, closed);
  const panel = one(".example-panel");
  expect(panel.hidden).toBe(true);
  cell("e2").focus();
  click(cell("e2"));
  expect([panel.hidden, panel.dataset.size]).toEqual([false, "wide"]);
  click(one('[data-depthviz-control="panel-wider"]'));
  expect(panel.dataset.size).toBe("narrow");
  press(cell("e2"), "w");
  click(one('[data-depthviz-control="panel-full"]'));
  expect(panel.dataset.size).toBe("full");
  one('[data-depthviz-control="panel-close"]').focus();
  press(panel, "Escape");
  expect(panel.hidden).toBe(false);
  press(panel, "Escape");
  expect(panel.hidden).toBe(true);
  expect(document.activeElement).toBe(cell("e2"));
});

test("a plain click never lets go a selection of several: it adds or takes away one", async () => {
  const { root, one, cell, click } = await open({}, closed);
  click(cell("e3"));
  click(cell("e2"));
  expect(root.dataset.depthvizSelected).toBe("1");
  click(cell("e1"), { ctrlKey: true });
  click(cell("e5"));
  expect(root.dataset.depthvizSelected).toBe("3");
  click(cell("e5"));
  expect(root.dataset.depthvizSelected).toBe("2");
  scatters[0]?.events.onPick(0, "replace");
  frames.draw();
  expect(root.dataset.depthvizSelected).toBe("3");
  expect(one(".selected-count").textContent).toBe("3 selected");
  click(one('[data-depthviz-control="selected-only"]'));
  expect(one(".listed").textContent).toBe("3 examples");
});

test("the split is moved by keys, kept in the state, and comes back", async () => {
  const { one, press, model } = await open({}, closed);
  const split = one('[data-depthviz-control="split"]');
  press(split, "ArrowRight");
  expect(one(".stage-body").style.getPropertyValue("--dv-split")).toBe("52%");
  await vi.waitFor(() => {
    expect(model.get("_ui_state")).toMatchObject({ frame: { split: 0.52 } });
  });
  const saved = new FakeModel(makeStudy(), "split");
  saved.set("_ui_state", { frame: { split: 0.3, rail: true, panel: "sideways" } });
  const again = await show(saved);
  expect(again.one(".stage-body").style.getPropertyValue("--dv-split")).toBe("30%");
  expect(again.one(".side").dataset.open).toBe("");
  expect(again.one(".example-panel").hidden).toBe(true);
});

test("the rail has a histogram for each usual column, marks those that filter, and opens there", async () => {
  const { all, one, click } = await open({}, closed);
  const names = () => all("[data-depthviz-rail]").map(({ dataset }) => dataset.depthvizRail);
  expect(names()).toEqual(["label", "depth", "confidence"]);
  click(one('[data-depthviz-class="1"]'));
  click(one('[data-depthviz-bar="0"]'));
  expect(all("[data-depthviz-rail][data-filtered]").length).toBe(2);
  expect(one(".side").dataset.open).toBe(undefined);
  click(one('[data-depthviz-rail="confidence"]'));
  expect(one(".side").dataset.open).toBe("");
  expect(all('[data-depthviz-histogram="confidence"]')).toHaveLength(1);
  expect(one(".filters h3").textContent).toBe("0 of 6 pass");
  click(one('[data-depthviz-control="close-filters"]'));
  expect(one(".side").dataset.open).toBe(undefined);
});

test("filters that open take the keyboard, unless somebody has moved on before they are drawn", async () => {
  const { all, one, cell, click } = await open({}, closed);
  const filters = one('[data-depthviz-control="filters"]');
  filters.focus();
  filters.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  cell("e1").focus();
  frames.draw();
  expect(document.activeElement).toBe(cell("e1"));
  click(one('[data-depthviz-control="close-filters"]'));
  filters.focus();
  click(filters);
  expect(document.activeElement).toBe(all('.filters [tabindex="0"]')[0]);
});

test("a click on the bar of a class in the rail keeps the class, another lets it go", async () => {
  const { root, one, all, click } = await open({}, closed);
  const bars = all(".rail-class");
  const names = bars.map((bar) => bar.querySelector("title")?.textContent);
  const everything = root.dataset.depthvizShown;
  click(bars[1] as HTMLElement);
  expect(Number(root.dataset.depthvizShown)).toBeLessThan(Number(everything));
  expect(bars[1]?.getAttribute("aria-pressed")).toBe("true");
  expect(one(".side").dataset.open).toBe(undefined);
  click(one('[data-depthviz-control="filters"]'));
  expect(all("button[data-depthviz-class] .name").map(({ textContent }) => textContent)).toEqual(
    names,
  );
  expect(one('button[data-depthviz-class="1"]').getAttribute("aria-pressed")).toBe("true");
  click(bars[1] as HTMLElement);
  expect(root.dataset.depthvizShown).toBe(everything);
});

test("an example is found by its id and opened, a class is kept", async () => {
  const { root, one, all, press } = await open({}, closed);
  const field = one('[data-depthviz-control="find"]') as HTMLInputElement;
  const type = (text: string) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  type("e");
  expect(all("[data-match]").map(({ textContent }) => textContent)).toEqual([
    "e0",
    "e1",
    "e2",
    "e3",
    "e4",
    "e5",
  ]);
  press(field, "ArrowDown");
  press(field, "Enter");
  expect([one(".specimen-id").textContent, one(".example-panel").hidden]).toEqual(["e1", false]);
  expect(field.value).toBe("");
  type("fro");
  press(field, "Enter");
  expect(root.dataset.depthvizShown).toBe("2");
  type("nobody");
  expect(one(".matches").textContent).toBe("Nothing is called so.");
  press(field, "Escape");
  expect([field.value, root.dataset.depthvizShown]).toEqual(["", "2"]);
});

test("what is closed draws nothing, and draws once it is opened", async () => {
  const { one, cell, click } = await open({}, closed);
  const chip = one('button[data-depthviz-class="1"]');
  expect(one(".specimen-id").textContent).toBe("");
  click(one('.rail-list [data-depthviz-class="1"]'));
  expect(chip.getAttribute("aria-pressed")).toBe("false");
  click(one('[data-depthviz-control="filters"]'));
  expect(chip.getAttribute("aria-pressed")).toBe("true");
  click(cell("e2"));
  expect(one(".specimen-id").textContent).toBe("e2");
});
