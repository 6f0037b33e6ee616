import { expect, test, vi } from "vitest";
import { settle } from "../../fakes";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const control = (name: string) => `[data-depthviz-control="${name}"]`;

function clipboard() {
  const texts: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: async (text: string) => void texts.push(text) },
  });
  return texts;
}

test("arrows walk along a menu, Escape closes it alone and goes back to its button", async () => {
  const { one, all, press, click, cell, root } = await open();
  click(cell("e1"), { ctrlKey: true });
  const button = one(control("export"));
  button.focus();
  click(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  const items = all(".menu:not([hidden]) button");
  expect(items.map((item) => item.textContent)).toEqual([
    "Download table",
    "Copy for Python",
    "Copy ids",
    "Download table",
    "Copy for Python",
    "Copy ids",
  ]);
  press(button, "ArrowDown");
  expect(document.activeElement).toBe(items[0]);
  press(items[0] as HTMLElement, "ArrowDown");
  press(items[1] as HTMLElement, "ArrowUp");
  press(items[0] as HTMLElement, "ArrowUp");
  expect(document.activeElement).toBe(button);
  press(items[4] as HTMLElement, "Escape");
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-expanded")).toBe("false");
  expect(root.dataset.depthvizSelected).toBe("1");
});

test("a press elsewhere closes a menu", async () => {
  const { one, all, click } = await open();
  click(one(control("views")));
  expect(all(".menu:not([hidden])")).toHaveLength(1);
  document.dispatchEvent(new Event("pointerdown"));
  expect(all(".menu:not([hidden])")).toHaveLength(0);
});

test("what is exported is what is selected or shown, and it is said", async () => {
  const texts = clipboard();
  const { one, click, cell } = await open();
  click(cell("e1"), { ctrlKey: true });
  click(one(control("export")));
  click(one(control("ids-selected")));
  click(one(control("ids-shown")));
  click(one(control("python-selected")));
  await settle(frames);
  expect(texts[0]).toBe("e1");
  expect(texts[1]?.split("\n")).toHaveLength(6);
  expect(texts[2]).toContain('isin(["e1"])');
  expect(one(".menu:not([hidden]) [aria-live]").textContent).toBe("Copied.");
});

test("a view is saved by its name with what is shown, and the kernel's answer is listed", async () => {
  const { one, all, model, click, cell } = await open();
  click(cell("e3"), { ctrlKey: true });
  click(one(control("views")));
  const input = one(".menu input") as HTMLInputElement;
  input.value = "  <b>mine  ";
  one(".menu form").dispatchEvent(new Event("submit", { cancelable: true }));
  const asked = model.sent.filter((message) => "act" in message) as unknown as {
    id: number;
    act: string;
    name: string;
    selection: unknown;
    state: Record<string, unknown>;
  }[];
  expect(asked.map(({ act }) => act)).toEqual(["list", "save"]);
  expect(asked[1]).toMatchObject({ name: "<b>mine", selection: [3], state: { focus: 3 } });
  const answer = { type: "views", id: asked[1]?.id, views: ["<b>mine"], code: "" };
  for (const listener of model.listeners.get("msg:custom") ?? []) listener(answer, []);
  await settle(frames);
  expect(one(control("restore-view")).textContent).toBe("<b>mine");
  expect(all(control("copy-link")).filter((item) => !item.hidden)).toEqual([]);
  const refused = { type: "views", id: 99, reason: "nobody asked" };
  for (const listener of model.listeners.get("msg:custom") ?? []) listener(refused, []);
});

test("a kernel that is gone is said in the menu", async () => {
  const { one, model, click } = await open();
  model.loseKernel();
  click(one(control("views")));
  await settle(frames);
  expect(one(".menu:not([hidden]) [aria-live]").textContent).toContain("does not answer");
});

test("two selected examples stand beside each other at once", async () => {
  const { one, click, cell } = await open();
  click(cell("e1"), { ctrlKey: true });
  expect(one(control("compare-two")).hidden).toBe(true);
  click(cell("e4"), { ctrlKey: true });
  click(one(control("compare-two")));
  expect(one(".compare-head").textContent).toContain("examples e1 and e4");
  click(cell("e5"), { ctrlKey: true });
  expect(one(control("compare-two")).hidden).toBe(true);
});

test("the theme is the host's until a person chooses one", async () => {
  document.body.setAttribute("data-jp-theme-light", "false");
  const { one, root, click } = await open();
  const themes = [root.dataset.depthvizTheme];
  for (let i = 0; i < 3; i++) {
    click(one(control("theme")));
    themes.push(root.dataset.depthvizTheme);
  }
  document.body.removeAttribute("data-jp-theme-light");
  expect(themes).toEqual(["dark", "light", "dark", "dark"]);
  expect(root.hasAttribute("data-own-theme")).toBe(false);
});

test("where nothing passes each filter says how many would without it, and goes by a click", async () => {
  const { one, all, click, root } = await open({}, (model) => {
    const filters = { label: [0], confidence: { from: 0.4 } };
    model.set("_ui_state", { probe: 0, filters });
  });
  const drops = () => all(control("drop-filter")).map((item) => item.textContent);
  expect(drops()).toEqual([
    "Without Label: cat 2 would pass",
    "Without Confidence: at least 0.4 2 would pass",
    "Clear filters 6 would pass",
  ]);
  const [first] = all(control("drop-filter"));
  first?.focus();
  click(first as HTMLElement);
  expect(root.dataset.depthvizShown).toBe("2");
  expect(document.activeElement).toBe(root);
  expect(one(".empty").hidden).toBe(true);
});
