import { beforeEach, expect, test, vi } from "vitest";
import { createScatter, type Scatter } from "../../../src/scatter";
import { type Browser, fakeBrowser, recordEvents, SIZE } from "../fakes";
import { createHand } from "./hand";

/** Three points in a row over the middle: on screen at x = 66, 116, 166 and y = 66. */
const POSITIONS = Uint16Array.of(0, 32768, 32768, 32768, 65535, 32768);
const AROUND_FIRST_TWO = [
  [50, 50],
  [130, 50],
  [130, 80],
  [50, 80],
] as const;

let browser: Browser;
let events: ReturnType<typeof recordEvents>;
let scatter: Scatter;

beforeEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
  browser = fakeBrowser();
  events = recordEvents();
  scatter = createScatter(document.body, events, { renderer: "canvas2d" });
  scatter.setPositions(POSITIONS, 1, 3);
  browser.sight(true);
});

const { point, drag, press, roll } = createHand(() => scatter.canvas);

test.each([
  ["replace", {}],
  ["add", { shiftKey: true }],
  ["subtract", { altKey: true }],
] as const)("a lasso goes by its modifier: %s", (mode, more) => {
  drag(AROUND_FIRST_TWO, more);
  expect(events.log).toEqual([["lasso", [0, 1], mode]]);
});

test("a lasso passes over points that are not shown", () => {
  scatter.setStates(Uint8Array.of(0, 1, 1));
  drag(AROUND_FIRST_TWO);
  expect(events.log).toEqual([["lasso", [1], "replace"]]);
});

test("a lasso shows its outline until it is released", () => {
  const path = scatter.canvas.parentElement?.querySelector("path");
  point("pointerdown", 50, 50);
  point("pointermove", 130, 50, { buttons: 1 });
  expect(path?.getAttribute("d")).toBe("M50.0 50.0L130.0 50.0Z");
  point("pointerup", 130, 50);
  expect(path?.getAttribute("d")).toBe("");
});

test("escape drops a lasso, and only then belongs to the scatter", () => {
  point("pointerdown", 50, 50);
  point("pointermove", 130, 80, { buttons: 1 });
  expect(press("Escape").defaultPrevented).toBe(true);
  point("pointerup", 130, 80);
  expect(events.log.filter(([kind]) => kind !== "hover")).toEqual([]);
  expect(press("Escape").defaultPrevented).toBe(false);
});

test.each([
  [117, 68, 1, {}, "replace"],
  [68, 66, 0, { shiftKey: true }, "add"],
  [168, 66, 2, { altKey: true }, "subtract"],
  [90, 90, null, {}, "replace"],
] as const)("a click at %d, %d picks point %s", (x, y, index, more, mode) => {
  drag(
    [
      [x, y],
      [x + 2, y + 2],
    ],
    more,
  );
  expect(events.log).toEqual([["pick", index, mode]]);
});

test("a click passes over points that are not shown", () => {
  scatter.setStates(Uint8Array.of(1, 0, 1));
  drag([[116, 66]]);
  expect(events.log).toEqual([["pick", null, "replace"]]);
});

test("hovering tells each change once, and the end", () => {
  point("pointermove", 115, 66);
  point("pointermove", 116, 67);
  point("pointermove", 166, 66);
  scatter.canvas.dispatchEvent(new PointerEvent("pointerleave"));
  expect(events.log).toEqual([
    ["hover", 1],
    ["hover", 2],
    ["hover", null],
  ]);
});

test("dragging with the pan tool moves the picture and picks nothing", () => {
  scatter.setTool("pan");
  drag([
    [20, 20],
    [30, 20],
    [45, 32],
  ]);
  expect(scatter.screenPosition(1).x).toBeCloseTo(116 + 25, 1);
  expect(scatter.screenPosition(1).y).toBeCloseTo(66 + 12, 1);
  expect(events.log).toEqual([]);
});

test.each([1, 2])("button %d pans whatever the tool", (button) => {
  drag(
    [
      [20, 20],
      [60, 20],
    ],
    { button },
  );
  expect(scatter.screenPosition(1).x).toBeCloseTo(156, 1);
  drag([[116, 66]], { button });
  expect(events.log).toEqual([]);
});

test("a cancelled pointer leaves nothing selected and no drag under way", () => {
  point("pointerdown", 50, 50);
  point("pointermove", 130, 50, { buttons: 1 });
  point("pointercancel", 130, 50);
  point("pointerup", 130, 50);
  expect(events.log.filter(([kind]) => kind === "lasso")).toEqual([]);
});

test("the wheel is the notebook's until the canvas has the focus or Ctrl is held", () => {
  const before = scatter.screenPosition(0);
  expect(roll({}).defaultPrevented).toBe(false);
  expect(scatter.screenPosition(0)).toEqual(before);
  expect(roll({ ctrlKey: true }).defaultPrevented).toBe(true);
  expect(scatter.screenPosition(0).x).toBeLessThan(before.x);
  scatter.resetView();
  scatter.canvas.focus();
  expect(roll({}).defaultPrevented).toBe(true);
  expect(scatter.screenPosition(0).x).toBeLessThan(before.x);
});

test("a click gives the canvas the focus", () => {
  drag([[90, 90]]);
  expect(document.activeElement).toBe(scatter.canvas);
});

test("keys pan, zoom and reset", () => {
  press("ArrowRight");
  press("ArrowDown");
  expect(scatter.screenPosition(1).x).toBeCloseTo(76, 1);
  expect(scatter.screenPosition(1).y).toBeCloseTo(26, 1);
  press("0");
  press("+");
  expect(scatter.screenPosition(2).x).toBeCloseTo(116 + 50 * 1.25, 1);
  press("-");
  expect(scatter.screenPosition(2).x).toBeCloseTo(166, 1);
});

test.each([
  ["[", {}],
  ["Enter", { ctrlKey: true }],
  ["+", { ctrlKey: true }],
])("key %s %o is left to others", (key, more) => {
  const heard = vi.fn();
  document.body.addEventListener("keydown", heard, { once: true });
  expect(press(key, more).defaultPrevented).toBe(false);
  expect(heard).toHaveBeenCalledOnce();
});

test("a double click resets the view", () => {
  scatter.zoomBy(4);
  scatter.panBy(30, 30);
  scatter.canvas.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
  expect(scatter.screenPosition(1).x).toBeCloseTo(SIZE.width / 2, 1);
});

test.each([
  ["replace", {}],
  ["add", { shiftKey: true }],
  ["subtract", { altKey: true }],
] as const)("a box goes by its modifier, in whatever direction it is drawn: %s", (mode, more) => {
  scatter.setTool("box");
  const path = scatter.canvas.parentElement?.querySelector("path");
  point("pointerdown", 130, 80, more);
  point("pointermove", 90, 70, { buttons: 1, ...more });
  point("pointermove", 50, 50, { buttons: 1, ...more });
  expect(path?.getAttribute("d")).toBe("M130.0 80.0L50.0 80.0L50.0 50.0L130.0 50.0Z");
  point("pointerup", 50, 50, more);
  expect(path?.getAttribute("d")).toBe("");
  expect(events.log.filter(([kind]) => kind === "lasso")).toEqual([["lasso", [0, 1], mode]]);
});

test("escape drops a box", () => {
  scatter.setTool("box");
  point("pointerdown", 50, 50);
  point("pointermove", 130, 80, { buttons: 1 });
  expect(press("Escape").defaultPrevented).toBe(true);
  point("pointerup", 130, 80);
  expect(events.log.filter(([kind]) => kind === "lasso")).toEqual([]);
});

test.each([
  ["replace", {}],
  ["add", { shiftKey: true }],
  ["subtract", { altKey: true }],
] as const)("enter selects the shown points in sight: %s", (mode, more) => {
  scatter.setStates(Uint8Array.of(1, 1, 0));
  scatter.zoomBy(2);
  scatter.panBy(100, 0);
  expect(press("Enter", more).defaultPrevented).toBe(true);
  expect(events.log).toEqual([["lasso", [0, 1], mode]]);
  scatter.zoomBy(8);
  press("Enter");
  expect(events.log.at(-1)).toEqual(["lasso", [0], "replace"]);
});

test("letters choose tools, and with Ctrl they are the host's", () => {
  const tools: string[] = [];
  Object.assign(events, { onTool: (tool: string) => tools.push(tool) });
  for (const key of ["p", "r", "l", "x"]) press(key);
  expect(tools).toEqual(["pan", "box", "lasso"]);
  expect(press("r", { ctrlKey: true }).defaultPrevented).toBe(false);
  expect(tools).toHaveLength(3);
});

test("more in sight than asked for is none", () => {
  expect(scatter.inSight(2)).toBe(null);
  expect(scatter.inSight(3)).toEqual(Uint32Array.of(0, 1, 2));
});

test("a layer lies over the points and under the outline, blind to the pointer", () => {
  const layer = scatter.addLayer();
  expect(layer.previousElementSibling).toBe(scatter.canvas);
  expect(layer.nextElementSibling?.tagName).toBe("svg");
  expect(layer.style.pointerEvents).toBe("none");
});
