/**
 * Listening to a person: events, and drags by a pointer.
 *
 * A view gives its signal with every listener, and nothing listens once it is aborted. Knows neither the store nor what is
 * operated.
 */

/** Listen to an event until the signal, given alone or with other options, is aborted or the returned function is called. */
export function on<K extends keyof HTMLElementEventMap>(
  target: EventTarget,
  type: K,
  handler: (event: HTMLElementEventMap[K]) => void,
  how: AddEventListenerOptions | AbortSignal = {},
): () => void {
  const options = how instanceof AbortSignal ? { signal: how } : how;
  target.addEventListener(type, handler as EventListener, options);
  return () => target.removeEventListener(type, handler as EventListener, options);
}

/** Where letters are text, and undoing is the field's own. */
export function isText({ target }: KeyboardEvent): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !NO_TEXT.has(target.type);
}

const NO_TEXT: ReadonlySet<string> = new Set(["checkbox", "radio", "range", "button"]);

export interface DragHandlers<T> {
  /** What a press of the primary button takes hold of; null where it begins no drag. */
  start(event: PointerEvent): T | null;
  /** Follow the pointer; false while the press may still become a click, after which `moved` stays true. */
  move(event: PointerEvent, held: T, moved: boolean): boolean;
  /** The button is released; `moved` is false after a click. */
  end?(event: PointerEvent, held: T, moved: boolean): void;
  /** The drag is interrupted: by Escape, by the system, or because the pointer is lost. */
  cancel?(held: T): void;
}

export interface DragOptions {
  readonly signal: AbortSignal;
  /** When the element captures the pointer: at the press, or when it moves, so that a click keeps its target. */
  readonly capture: "press" | "move";
}

/** Report the drags that begin on an element; the click that ends a drag is stopped. */
export function onDrag<T>(
  element: HTMLElement,
  handlers: DragHandlers<T>,
  { signal, capture }: DragOptions,
): void {
  let drag: { readonly held: T; readonly pointer: number; moved: boolean } | null = null;
  let stopsClick = false;
  let stopKeys = () => {};

  /** End the drag that follows this pointer, if there is one. */
  function release(pointer: number): { readonly held: T; readonly moved: boolean } | null {
    if (drag?.pointer !== pointer) return null;
    const released = drag;
    drag = null;
    stopKeys();
    return released;
  }

  function press(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (drag) release(drag.pointer);
    stopsClick = false;
    const held = handlers.start(event);
    if (held === null) return;
    drag = { held, pointer: event.pointerId, moved: false };
    if (capture === "press") element.setPointerCapture(event.pointerId);
    stopKeys = on(element.ownerDocument, "keydown", pressKey, { signal, capture: true });
  }

  function follow(event: PointerEvent): void {
    if (drag?.pointer !== event.pointerId || event.buttons === 0) return;
    if (!handlers.move(event, drag.held, drag.moved)) return;
    if (!drag.moved && capture === "move") element.setPointerCapture(event.pointerId);
    drag.moved = stopsClick = true;
  }

  function interrupt(pointer: number): void {
    const released = release(pointer);
    if (released) handlers.cancel?.(released.held);
    if (released) stopsClick = false;
  }

  /** Escape interrupts the drag and does nothing else; the release that follows is no click. */
  function pressKey(event: KeyboardEvent): void {
    if (!drag || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    interrupt(drag.pointer);
    stopsClick = true;
  }

  on(element, "pointerdown", press, signal);
  on(element, "pointermove", follow, signal);
  on(
    element,
    "pointerup",
    (event) => {
      const released = release(event.pointerId);
      if (released) handlers.end?.(event, released.held, released.moved);
    },
    signal,
  );
  on(element, "pointercancel", ({ pointerId }) => interrupt(pointerId), signal);
  on(element, "lostpointercapture", ({ pointerId }) => interrupt(pointerId), signal);
  const stop = (event: Event) => {
    if (stopsClick) event.stopImmediatePropagation();
    stopsClick = false;
  };
  on(element, "click", stop, { signal, capture: true });
}
