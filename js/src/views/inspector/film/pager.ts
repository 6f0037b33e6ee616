/**
 * Which neighbors the rows show, nearest first, and the way to the next ones.
 */
import { h, setAttribute, setText } from "../../parts/dom";
import { on } from "../../parts/interaction";
import type { ViewContext } from "../../parts/view";

const NEAREST = "nearest first";

export interface Pager {
  readonly element: HTMLElement;
  show(from: number, columns: number, count: number): void;
}

export function createPager({ signal }: ViewContext, turn: (by: -1 | 1) => void): Pager {
  const text = h("span", { "aria-live": "polite" });
  const button = (control: string, arrow: string, name: string, by: -1 | 1) => {
    const attributes = { class: "bare", "aria-label": name, title: name };
    const element = h("button", { ...attributes, control }, arrow);
    on(element, "click", () => turn(by), signal);
    return element;
  };
  const back = button("nearer", "‹", "Nearer neighbors", -1);
  const forward = button("farther", "›", "Farther neighbors", 1);
  return {
    element: h("div", { class: "film-pager" }, text, back, forward),
    show(from, columns, count) {
      const all = columns >= count;
      const range = `${from + 1} to ${Math.min(count, from + columns)} of ${count}`;
      setText(
        text,
        count === 0 ? "" : all ? NEAREST : columns < 5 ? range : `${range}, ${NEAREST}`,
      );
      back.hidden = forward.hidden = all;
      setAttribute(back, "aria-disabled", String(from === 0));
      setAttribute(forward, "aria-disabled", String(from + columns >= count));
    },
  };
}
