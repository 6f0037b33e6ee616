/**
 * A hand that does on a canvas what the tests say, by events as a browser sends them.
 */

export function createHand(canvas: () => HTMLCanvasElement) {
  function point(type: string, x: number, y: number, more: PointerEventInit = {}): PointerEvent {
    const event = new PointerEvent(type, {
      pointerId: 1,
      button: 0,
      buttons: type === "pointermove" ? 0 : 1,
      clientX: x,
      clientY: y,
      bubbles: true,
      cancelable: true,
      ...more,
    });
    canvas().dispatchEvent(event);
    return event;
  }

  function drag(path: readonly (readonly [number, number])[], more: PointerEventInit = {}): void {
    const [[startX, startY] = [0, 0]] = path;
    const [endX, endY] = path.at(-1) ?? [0, 0];
    point("pointerdown", startX, startY, more);
    for (const [x, y] of path) point("pointermove", x, y, { buttons: 1, ...more });
    point("pointerup", endX, endY, more);
  }

  function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
    const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
    canvas().dispatchEvent(event);
    return event;
  }

  /** happy-dom's wheel events know neither modifiers nor places. */
  function roll(more: { ctrlKey?: boolean }): Event {
    const event = new WheelEvent("wheel", { deltaY: -100, bubbles: true, cancelable: true });
    for (const [key, value] of Object.entries({ clientX: 116, clientY: 66, ...more })) {
      Object.defineProperty(event, key, { value });
    }
    canvas().dispatchEvent(event);
    return event;
  }

  return { point, drag, press, roll };
}
