import { afterEach, expect, test, vi } from "vitest";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

afterEach(() => {
  vi.useRealTimers();
});

test("? lists the keys, holds the focus, and Escape gives it back where it was", async () => {
  const { cell, one, press, root } = await open();
  cell("e3").focus();
  press(cell("e3"), "?");
  const dialog = one("[role=dialog]");
  const close = one('[data-depthviz-control="close-help"]');
  expect(dialog.closest("[hidden]")).toBe(null);
  expect(dialog.textContent).toContain("select the example in focus");
  expect(document.activeElement).toBe(close);
  press(close, "Tab");
  expect(document.activeElement).toBe(one(".key-lists"));
  press(one(".key-lists"), "Tab");
  expect(document.activeElement).toBe(close);
  expect(one(".body").hasAttribute("inert")).toBe(true);
  press(close, "]");
  expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("0");
  press(close, "Escape");
  expect(dialog.closest("[hidden]")).not.toBe(null);
  expect(root.querySelectorAll("[inert]").length).toBe(0);
  expect(document.activeElement).toBe(cell("e3"));
});

test("the button and a click beside the list do the same", async () => {
  const { one, click } = await open();
  click(one('[data-depthviz-control="help"]'));
  expect(one(".help-ground").hidden).toBe(false);
  click(one("[role=dialog]"));
  expect(one(".help-ground").hidden).toBe(false);
  click(one(".help-ground"));
  expect(one(".help-ground").hidden).toBe(true);
});

test("no key of the list reaches the notebook", async () => {
  const { one, press, root } = await open();
  const heard: string[] = [];
  const listener = (event: Event) => heard.push((event as KeyboardEvent).key);
  document.addEventListener("keydown", listener);
  press(root, "?");
  for (const key of ["b", "d", "ArrowDown", "Tab", "Enter", "?"]) press(one(".key-lists"), key);
  document.removeEventListener("keydown", listener);
  expect(heard).toEqual([]);
});

test("undo and redo by keys and by buttons, and a field keeps its own", async () => {
  const classes = Array.from({ length: 30 }, (_, i) => `class ${i}`);
  const { root, cell, click, one, press } = await open({ classes });
  click(cell("e1"));
  click(cell("e2"), { ctrlKey: true });
  expect(press(cell("e2"), "z", { ctrlKey: true }).defaultPrevented).toBe(true);
  expect(root.dataset.depthvizSelected).toBe("1");
  press(cell("e2"), "Z", { ctrlKey: true, shiftKey: true });
  expect(root.dataset.depthvizSelected).toBe("2");
  const field = one("input[type=search]");
  expect(press(field, "z", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(root.dataset.depthvizSelected).toBe("2");
  const undo = one('[data-depthviz-control="undo"]');
  const redo = one('[data-depthviz-control="redo"]');
  const disabled = () => [undo, redo].map((each) => each.getAttribute("aria-disabled"));
  expect(disabled()).toEqual(["false", "true"]);
  click(undo);
  expect(disabled()).toEqual(["false", "false"]);
  click(undo);
  expect([root.dataset.depthvizSelected, undo.getAttribute("aria-disabled")]).toEqual([
    "0",
    "true",
  ]);
  press(cell("e2"), "y", { metaKey: true });
  expect(root.dataset.depthvizSelected).toBe("1");
});

test("s selects the example in focus from any part, / finds, f goes to the filters", async () => {
  const { root, one, press } = await open();
  press(one(".inspector-body"), "s");
  expect(root.dataset.depthvizSelected).toBe("1");
  press(one(".inspector-body"), "s");
  expect(root.dataset.depthvizSelected).toBe("0");
  press(one(".inspector-body"), "/");
  expect(document.activeElement).toBe(one('[data-depthviz-control="find"]'));
  press(one(".inspector-body"), "f");
  frames.draw();
  expect(one(".side").dataset.open).toBe("");
  expect(document.activeElement?.closest(".filters")).not.toBe(null);
});

test("letters in a list of choices are the list's own", async () => {
  const { root, one, press } = await open();
  const sort = one('[data-depthviz-control="sort"]');
  expect(press(sort, "s").defaultPrevented).toBe(false);
  expect(root.dataset.depthvizSelected).toBe("0");
});

test("Escape goes outward: the selection, the frame, the notebook", async () => {
  const cellOfNotebook = document.createElement("div");
  cellOfNotebook.className = "jp-Cell";
  cellOfNotebook.tabIndex = 0;
  const { el, root, cell, press } = await open();
  document.body.append(cellOfNotebook);
  cellOfNotebook.append(el);
  cell("e3").focus();
  press(cell("e3"), "s");
  press(cell("e3"), "Escape");
  expect([root.dataset.depthvizSelected, document.activeElement]).toEqual(["0", cell("e3")]);
  press(cell("e3"), "Escape");
  expect(document.activeElement).toBe(root);
  press(root, "Escape");
  expect(document.activeElement).toBe(cellOfNotebook);
});

test("the live region says the last of many changes once, and nothing at the start", async () => {
  const { one, cell, click, press, root } = await open();
  const live = one("[role=status]");
  expect(live.textContent).toBe("");
  vi.useFakeTimers();
  click(cell("e1"));
  click(cell("e2"), { ctrlKey: true });
  vi.advanceTimersByTime(400);
  click(one('[data-depthviz-depth="3"]'));
  expect(live.textContent).toBe("");
  vi.advanceTimersByTime(600);
  expect(live.textContent).toMatch(/^\d of 6 shown\. .*2 selected\.$/);
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener() {} }));
  press(root, "]");
  frames.draw();
  vi.advanceTimersByTime(600);
  expect(live.textContent).toMatch(/^Probe .+, 2 of \d+\.$/);
});
