/**
 * A notice in place: what went wrong, and a way to try again.
 */
import { h, keepFocus, setText } from "./dom";

export interface Notice {
  readonly element: HTMLElement;
  show(reason: string, retry: () => void): void;
}

export function createNotice(signal: AbortSignal): Notice {
  const text = h("span");
  const button = h(
    "button",
    { type: "button", class: "tool", "data-depthviz-control": "retry" },
    "Retry",
  );
  const element = h("div", { class: "notice", role: "alert" }, text, button);
  element.hidden = true;
  let again = () => {};
  button.addEventListener(
    "click",
    () => {
      element.hidden = true;
      keepFocus(element);
      again();
    },
    { signal },
  );
  return {
    element,
    show(reason, retry) {
      again = retry;
      setText(text, reason);
      element.hidden = false;
    },
  };
}
