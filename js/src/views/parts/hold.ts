/**
 * A long press: a finger that rests on an example opens it, whatever is selected.
 */
import { on } from "./interaction";
import type { ViewContext } from "./view";

const HOLD_MS = 500;

/** `find` is the example that an event is about, once the finger has rested. */
export function onHold(
  element: HTMLElement,
  find: (event: Event) => number | null,
  { store, signal }: ViewContext,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => clearTimeout(timer);

  function open(event: Event): void {
    const index = find(event);
    if (index === null) return;
    store.setFocus(index);
    store.openPanel();
  }

  function press(event: PointerEvent): void {
    release();
    if (event.pointerType === "touch") timer = setTimeout(open, HOLD_MS, event);
  }

  on(element, "pointerdown", press, { signal });
  on(element, "pointerup", release, { signal });
  on(element, "pointercancel", release, { signal });
}
