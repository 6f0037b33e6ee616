import { beforeEach, expect, test, vi } from "vitest";
import { on, onDrag } from "../../../src/views/parts/interaction";

let element: HTMLElement;
let ending: AbortController;
let captured: number[];

beforeEach(() => {
  element = document.createElement("div");
  document.body.replaceChildren(element);
  ending = new AbortController();
  captured = [];
  element.setPointerCapture = (pointer) => captured.push(pointer);
});

function send(type: string, more: PointerEventInit = {}): PointerEvent {
  const init = { bubbles: true, cancelable: true, button: 0, buttons: 1, pointerId: 1, ...more };
  const event = new PointerEvent(type, init);
  element.dispatchEvent(event);
  return event;
}

function pressKey(key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  element.dispatchEvent(event);
  return event;
}

/** A drag that takes hold of where it was pressed and moves from three pixels on. */
function record(capture: "press" | "move" = "press"): string[] {
  const calls: string[] = [];
  onDrag<number>(
    element,
    {
      start(event) {
        calls.push(`start ${event.clientX}`);
        return event.clientX < 0 ? null : event.clientX;
      },
      move(event, held, moved) {
        if (!moved && event.clientX - held < 3) return false;
        calls.push(`move ${held} to ${event.clientX}`);
        return true;
      },
      end: (_, held, moved) => calls.push(`end ${held} ${moved}`),
      cancel: (held) => calls.push(`cancel ${held}`),
    },
    { signal: ending.signal, capture },
  );
  return calls;
}

test("a listener ends with its signal, or when its disposer is called", () => {
  const [disposed, aborted] = [vi.fn(), vi.fn()];
  const stop = on(element, "click", disposed);
  on(element, "click", aborted, { signal: ending.signal });
  element.click();
  stop();
  element.click();
  expect([disposed, aborted].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
  ending.abort();
  element.click();
  expect([disposed, aborted].map(({ mock }) => mock.calls.length)).toEqual([1, 2]);
});

test("a drag starts, moves and ends with what it took hold of", () => {
  const calls = record();
  send("pointerdown", { clientX: 10 });
  send("pointermove", { clientX: 11 });
  send("pointermove", { clientX: 14 });
  send("pointermove", { clientX: 10 });
  send("pointerup", { clientX: 10 });
  send("pointermove", { clientX: 30 });
  expect(calls).toEqual(["start 10", "move 10 to 14", "move 10 to 10", "end 10 true"]);
});

test("other buttons, and presses that take hold of nothing, begin no drag", () => {
  const calls = record();
  send("pointerdown", { clientX: 10, button: 2 });
  send("pointermove", { clientX: 20 });
  send("pointerdown", { clientX: -1 });
  send("pointermove", { clientX: 20 });
  send("pointerup", { clientX: 20 });
  expect(calls).toEqual(["start -1"]);
  expect(captured).toEqual([]);
});

test("a drag follows its own pointer, and only while a button is down", () => {
  const calls = record();
  send("pointerdown", { clientX: 10 });
  send("pointermove", { clientX: 20, pointerId: 2 });
  send("pointerup", { clientX: 20, pointerId: 2 });
  send("pointermove", { clientX: 20, buttons: 0 });
  expect(calls).toEqual(["start 10"]);
  send("pointermove", { clientX: 20 });
  expect(calls).toEqual(["start 10", "move 10 to 20"]);
});

test.each([
  ["press", [1], [1]],
  ["move", [], [1]],
] as const)("the pointer is captured at the %s", (capture, pressed, moved) => {
  record(capture);
  send("pointerdown", { clientX: 10 });
  send("pointermove", { clientX: 11 });
  expect(captured).toEqual(pressed);
  send("pointermove", { clientX: 20 });
  send("pointermove", { clientX: 30 });
  expect(captured).toEqual(moved);
});

test("the click that ends a drag is stopped, every other one is heard", () => {
  record();
  const clicks = vi.fn();
  element.addEventListener("click", clicks);
  send("pointerdown", { clientX: 10 });
  send("pointerup", { clientX: 10 });
  element.click();
  expect(clicks).toHaveBeenCalledTimes(1);
  send("pointerdown", { clientX: 10 });
  send("pointermove", { clientX: 20 });
  send("pointerup", { clientX: 20 });
  element.click();
  expect(clicks).toHaveBeenCalledTimes(1);
  element.click();
  expect(clicks).toHaveBeenCalledTimes(2);
});

test.each(["pointercancel", "lostpointercapture"])("%s cancels a drag, once", (type) => {
  const calls = record();
  send("pointerdown", { clientX: 10 });
  send("pointermove", { clientX: 20 });
  send(type);
  send("lostpointercapture");
  send("pointermove", { clientX: 30 });
  send("pointerup", { clientX: 30 });
  expect(calls).toEqual(["start 10", "move 10 to 20", "cancel 10"]);
});

test("capture that is lost after the release cancels nothing", () => {
  const calls = record();
  send("pointerdown", { clientX: 10 });
  send("pointerup", { clientX: 10 });
  send("lostpointercapture");
  expect(calls).toEqual(["start 10", "end 10 false"]);
});

test("Escape cancels a drag and does nothing else; the release that follows is no click", () => {
  const calls = record();
  const heard = vi.fn();
  const clicks = vi.fn();
  element.addEventListener("keydown", heard);
  element.addEventListener("click", clicks);
  send("pointerdown", { clientX: 10 });
  send("pointermove", { clientX: 20 });
  expect(pressKey("a").defaultPrevented).toBe(false);
  expect(pressKey("Escape").defaultPrevented).toBe(true);
  send("pointerup", { clientX: 20 });
  element.click();
  expect(calls).toEqual(["start 10", "move 10 to 20", "cancel 10"]);
  expect(heard).toHaveBeenCalledTimes(1);
  expect(clicks).not.toHaveBeenCalled();
  expect(pressKey("Escape").defaultPrevented).toBe(false);
  expect(heard).toHaveBeenCalledTimes(2);
});

test("after the signal is aborted nothing listens, not even to Escape", () => {
  const calls = record();
  send("pointerdown", { clientX: 10 });
  ending.abort();
  expect(pressKey("Escape").defaultPrevented).toBe(false);
  send("pointermove", { clientX: 20 });
  send("pointerdown", { clientX: 20 });
  expect(calls).toEqual(["start 10"]);
});
