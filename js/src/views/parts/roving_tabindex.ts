/**
 * One stop of the Tab key for a whole list of buttons; arrows, Home and End walk along it.
 *
 * Otherwise a study of a thousand classes would put a thousand stops before the map.
 */
import { on } from "./interaction";

export interface RovingTabindex {
  /** The list holds other buttons now. */
  refresh(): void;
}

export function roveTabindex(list: HTMLElement, signal: AbortSignal): RovingTabindex {
  let buttons: HTMLButtonElement[] = [];
  let current: HTMLButtonElement | undefined;

  function stopAt(button: HTMLButtonElement | undefined): void {
    if (current) current.tabIndex = -1;
    current = button;
    if (current) current.tabIndex = 0;
  }

  function next(key: string): HTMLButtonElement | undefined {
    const place = current ? buttons.indexOf(current) : 0;
    if (key === "ArrowRight" || key === "ArrowDown") return buttons[place + 1];
    if (key === "ArrowLeft" || key === "ArrowUp") return buttons[place - 1];
    if (key === "Home") return buttons[0];
    return key === "End" ? buttons.at(-1) : undefined;
  }

  on(list, "focusin", ({ target }) => stopAt(buttons.find((button) => button === target)), {
    signal,
  });
  on(
    list,
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const button = next(event.key);
      if (!button) return;
      event.preventDefault();
      button.focus();
    },
    signal,
  );

  function refresh(): void {
    buttons = [...list.querySelectorAll("button")];
    for (const button of buttons) button.tabIndex = -1;
    stopAt(current && buttons.includes(current) ? current : buttons[0]);
  }

  refresh();
  return { refresh };
}
