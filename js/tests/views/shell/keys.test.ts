import { expect, test, vi } from "vitest";
import { FakeModel, fakeSizes, settle } from "../../fakes";
import { fakeMedia, frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

/** The keys that get out of the view while something is done in it. */
function leaked(act: () => void): string[] {
  const heard: string[] = [];
  const listener = (event: KeyboardEvent) => heard.push(event.key);
  document.addEventListener("keydown", listener);
  act();
  document.removeEventListener("keydown", listener);
  return heard;
}

test("Ctrl+A selects what is listed and goes no further; other commands are the host's", async () => {
  const { root, cell, press } = await open();
  const keys = leaked(() => {
    press(cell("e3"), "a", { ctrlKey: true });
    expect(press(cell("e3"), "s", { ctrlKey: true }).defaultPrevented).toBe(false);
  });
  expect(root.dataset.depthvizSelected).toBe("6");
  expect(keys).toEqual(["s"]);
});

test("brackets work where AltGr types them", async () => {
  vi.stubGlobal("matchMedia", (query: string) => fakeMedia(query.includes("reduced-motion")));
  const { root, one } = await open();
  const event = new KeyboardEvent("keydown", {
    key: "]",
    bubbles: true,
    cancelable: true,
    ctrlKey: true,
    altKey: true,
  });
  event.getModifierState = (key) => key === "AltGraph";
  expect(leaked(() => root.dispatchEvent(event))).toEqual([]);
  frames.draw();
  expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("1");
});

test("brackets pressed fast each go one probe on", async () => {
  const { root, one, press } = await open({ probes: ["a", "b", "c", "d", "e"] });
  press(root, "]");
  press(root, "]");
  press(root, "]");
  for (let i = 0; i < 5; i++) frames.draw(200);
  expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("3");
  press(root, "[");
  for (let i = 0; i < 5; i++) frames.draw(200);
  expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("2");
});

test("a thousand classes are one stop of Tab, walked by arrows", async () => {
  const classes = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
  const { one, all, press } = await open({ classes });
  const stops = () => all('[data-depthviz-class][tabindex="0"]');
  const chip = (code: number) => one(`[data-depthviz-class="${code}"]`);
  expect(stops()).toEqual([chip(0)]);
  chip(0).focus();
  press(chip(0), "ArrowDown");
  expect(document.activeElement).toBe(chip(1));
  press(chip(1), "End");
  expect(stops()).toEqual([chip(999)]);
  expect(press(chip(999), "ArrowDown").defaultPrevented).toBe(false);
  const search = one("input[type=search]") as HTMLInputElement;
  search.value = "class 5";
  search.dispatchEvent(new Event("input", { bubbles: true }));
  expect(stops()).toEqual([chip(5)]);
});

test("the depth bars are one stop of Tab too", async () => {
  const { all, one, press } = await open();
  one('[data-depthviz-depth="0"]').focus();
  press(one('[data-depthviz-depth="0"]'), "ArrowDown");
  expect(all('[data-depthviz-depth][tabindex="0"]')).toEqual([one('[data-depthviz-depth="1"]')]);
});

test("Escape in an empty search leaves it, and the selection stays", async () => {
  const { root, one, press, click, cell } = await open();
  click(cell("e0"));
  const find = one('[data-depthviz-control="find"]') as HTMLInputElement;
  find.focus();
  press(find, "Escape");
  expect(root.dataset.depthvizSelected).toBe("1");
  expect(document.activeElement).toBe(root);
});

test("Escape on the switch clears the selection, and the switch keeps the focus", async () => {
  const { one, cell, click, press } = await open();
  const only = one("input[role=switch]") as HTMLInputElement;
  click(cell("e1"));
  only.focus();
  press(only, "Escape");
  expect(document.activeElement).toBe(only);
  expect([only.disabled, only.getAttribute("aria-disabled")]).toEqual([false, "true"]);
  only.click();
  frames.draw();
  expect(only.checked).toBe(false);
});

test("retry keeps the focus inside", async () => {
  const { el, model, root } = await open({}, (fake) => {
    fake.refusal = "the study was closed";
  });
  model.refusal = "";
  const retry = el.querySelector<HTMLElement>('[data-depthviz-control="retry"]');
  retry?.focus();
  retry?.click();
  await settle(frames);
  expect(document.activeElement).toBe(root);
});

test("retry in a notice keeps the focus inside", async () => {
  const { one, model, root } = await open({}, (fake) => {
    fake.answer = (pull) => {
      fake.refusal = pull.name === "tile/0" ? "no kernel" : "";
      FakeModel.prototype.answer.call(fake, pull);
    };
  });
  expect(root.dataset.depthvizReady).toBe("true");
  model.answer = FakeModel.prototype.answer;
  const retry = one('[role=alert] [data-depthviz-control="retry"]');
  retry.focus();
  retry.click();
  await settle(frames);
  expect(document.activeElement).toBe(root);
});

test("Tab meets the views in the order in which they are seen", async () => {
  const { all } = await open();
  const views = all("[data-depthviz-view]").map(({ dataset }) => dataset.depthvizView);
  expect(views).toEqual(["groups", "histogram", "grid", "map", "inspector"]);
});

test.each([
  [1500, "wide"],
  [1000, "medium"],
  [600, "narrow"],
])("%i pixels are arranged as %s", async (width, layout) => {
  fakeSizes(width, 600);
  const { root, one, all, click } = await open();
  expect(root.dataset.layout).toBe(layout);
  expect(one(".body").dataset.show).toBe("map");
  click(one('[data-depthviz-show="grid"]'));
  expect(one(".body").dataset.show).toBe("grid");
  expect(all('.views-bar [aria-pressed="true"]').map(({ textContent }) => textContent)).toEqual([
    "Examples",
  ]);
});

test("in JupyterLab, which ignores keys from inside, saving is handed to it once", async () => {
  const { el, cell, press } = await open();
  el.className = "lm-Widget";
  const heard: [string, boolean, unknown][] = [];
  const listener = (event: KeyboardEvent) => {
    heard.push([event.key, event.ctrlKey, event.target]);
    event.preventDefault();
  };
  document.addEventListener("keydown", listener);
  expect(press(cell("e3"), "s", { ctrlKey: true }).defaultPrevented).toBe(true);
  for (const key of ["x", "v", "Enter"]) press(cell("e3"), key, { ctrlKey: true });
  document.removeEventListener("keydown", listener);
  expect(heard.filter(([, , target]) => target === el)).toEqual([["s", true, el]]);
  expect(heard.filter(([key]) => key === "s")).toHaveLength(1);
});

test("Jupyter is told of the very element in focus that its keys are not the notebook's", async () => {
  const { cell, one } = await open();
  const suppressed = "data-lm-suppress-shortcuts";
  cell("e3").focus();
  expect(cell("e3").getAttribute(suppressed)).toBe("true");
  one('[data-depthviz-control="sort"]').focus();
  expect(cell("e3").hasAttribute(suppressed)).toBe(false);
  expect(one('[data-depthviz-control="sort"]').getAttribute(suppressed)).toBe("true");
});
