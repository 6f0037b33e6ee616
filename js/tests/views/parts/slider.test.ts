import { beforeEach, expect, test } from "vitest";
import { type Slider, slider } from "../../../src/views/parts/slider";

let element: HTMLElement;
let control: Slider;
let value: number;

beforeEach(() => {
  element = document.createElement("div");
  value = 1.25;
  control = slider(element, {
    signal: new AbortController().signal,
    value: () => value,
    range: () => [0.5, 9],
    step: 0.5,
    large: 4,
    origin: 0.5,
    moveTo(to) {
      value = to;
    },
  });
});

function press(key: string, more: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, cancelable: true, ...more });
  element.dispatchEvent(event);
  return event.defaultPrevented;
}

test.each([
  ["ArrowRight", {}, 1.5],
  ["ArrowUp", {}, 1.5],
  ["ArrowLeft", {}, 1],
  ["ArrowDown", {}, 1],
  ["ArrowRight", { shiftKey: true }, 2.5],
  ["ArrowLeft", { shiftKey: true }, 0.5],
  ["PageUp", {}, 2.5],
  ["PageDown", {}, 0.5],
  ["Home", {}, 0.5],
  ["End", {}, 9],
] as const)("%s %o moves to the next step", (key, more, expected) => {
  expect(press(key, more)).toBe(true);
  expect(value).toBe(expected);
});

test("from a step an arrow goes on to the next one", () => {
  value = 1.5;
  press("ArrowRight");
  expect(value).toBe(2);
  press("ArrowLeft");
  expect(value).toBe(1.5);
});

test.each([
  ["ArrowRight", { ctrlKey: true }],
  ["ArrowRight", { metaKey: true }],
  ["ArrowRight", { altKey: true }],
  ["a", {}],
  ["Tab", {}],
])("%s %o is left to others", (key, more) => {
  expect(press(key, more)).toBe(false);
  expect(value).toBe(1.25);
});

test("it is a slider that can be reached, and says where it is in its range", () => {
  control.describe("one and a quarter");
  const read = (name: string) => element.getAttribute(name);
  expect(read("role")).toBe("slider");
  expect(read("tabindex")).toBe("0");
  expect(read("aria-valuenow")).toBe("1.25");
  expect(read("aria-valuemin")).toBe("0.5");
  expect(read("aria-valuemax")).toBe("9");
  expect(read("aria-valuetext")).toBe("one and a quarter");
});
