/**
 * A notice in place: what went wrong, and a way to try again, or to put the words away.
 */
import { h, hasFocus, keepFocus, setText } from "./dom";
import { on } from "./interaction";

export interface Notice {
  readonly element: HTMLElement;
  show(reason: string, act?: () => void): void;
  hide(): void;
  /** Show these words, or hide where there are none. */
  tell(words: string): void;
}

export function createNotice(signal: AbortSignal, does: "retry" | "dismiss" = "retry"): Notice {
  const text = h("span");
  const button = h(
    "button",
    { class: "tool", control: does },
    does === "retry" ? "Retry" : "Dismiss",
  );
  const element = h("div", { class: "notice", role: "alert" }, text, button);
  element.hidden = true;
  let again = () => {};
  on(
    button,
    "click",
    () => {
      element.hidden = true;
      keepFocus(element);
      again();
    },
    signal,
  );

  function show(reason: string, act = () => {}): void {
    again = act;
    setText(text, reason);
    element.hidden = false;
  }

  function hide(): void {
    if (element.hidden) return;
    const focused = hasFocus(element);
    element.hidden = true;
    if (focused) keepFocus(element);
  }

  return { element, show, hide, tell: (words) => (words === "" ? hide() : show(words)) };
}
