import { beforeEach, expect, test, vi } from "vitest";
import { createScatter, type Scatter } from "../../../src/scatter";
import { type Browser, fakeBrowser, recordEvents } from "../fakes";
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

const { point, drag } = createHand(() => scatter.canvas);

test("two fingers zoom about their middle, and end a lasso", () => {
  const touch = (id: number) => ({ pointerId: id, pointerType: "touch", buttons: 1 });
  point("pointerdown", 106, 66, touch(1));
  point("pointerdown", 126, 66, touch(2));
  point("pointermove", 96, 66, touch(1));
  point("pointermove", 136, 66, touch(2));
  point("pointerup", 96, 66, touch(1));
  point("pointerup", 136, 66, touch(2));
  const [first, last] = [scatter.screenPosition(0), scatter.screenPosition(2)];
  expect(last.x - first.x).toBeCloseTo(200, 1);
  expect(events.log).toEqual([]);
});

const FINGER = { pointerId: 1, pointerType: "touch", buttons: 1 };

/** Events happen when the test says so. */
function finger(type: string, x: number, y: number, ms: number): void {
  const stamp = vi.spyOn(Event.prototype, "timeStamp", "get").mockReturnValue(ms);
  point(type, x, y, FINGER);
  stamp.mockRestore();
}

test("a tap picks, also by a finger that trembles, and shows meanwhile what it is on", () => {
  finger("pointerdown", 116, 66, 0);
  expect(events.log).toEqual([["hover", 1]]);
  finger("pointermove", 122, 70, 100);
  finger("pointerup", 122, 70, 200);
  expect(events.log.at(-1)).toEqual(["pick", 1, "replace"]);
});

test("a long press is no click", () => {
  finger("pointerdown", 116, 66, 0);
  finger("pointerup", 116, 66, 900);
  expect(events.log).toEqual([["hover", 1]]);
});

test("a finger that drags, and a second one, are on nothing", () => {
  finger("pointerdown", 116, 66, 0);
  finger("pointermove", 150, 66, 100);
  expect(events.log).toEqual([
    ["hover", 1],
    ["hover", null],
  ]);
  finger("pointerup", 150, 66, 200);
  finger("pointerdown", 116, 66, 300);
  point("pointerdown", 140, 66, { ...FINGER, pointerId: 2 });
  expect(events.log.slice(-2)).toEqual([
    ["hover", 1],
    ["hover", null],
  ]);
});

test("a pinch begins where the fingers are by then, not where they came down", () => {
  const touch = (id: number) => ({ ...FINGER, pointerId: id });
  point("pointerdown", 20, 66, touch(1));
  point("pointermove", 106, 66, touch(1));
  point("pointerdown", 126, 66, touch(2));
  point("pointermove", 136, 66, touch(2));
  const [first, last] = [scatter.screenPosition(0), scatter.screenPosition(2)];
  expect(last.x - first.x).toBeCloseTo(150, 1);
});

test("without a tool a finger is the page's, but a tap picks", () => {
  scatter.setTool("none");
  expect(scatter.canvas.style.touchAction).toBe("pan-y");
  drag(AROUND_FIRST_TWO);
  expect(events.log).toEqual([]);
  drag([[116, 66]]);
  expect(events.log).toEqual([["pick", 1, "replace"]]);
  scatter.setTool("lasso");
  expect(scatter.canvas.style.touchAction).toBe("none");
});
