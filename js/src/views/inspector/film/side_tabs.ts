/**
 * Two tabs where both are known: what networks say that trained on the example, and what those say that held it out.
 */
import type { SideName } from "../../../store/manifest";
import { giveFocus, h, setAttribute } from "../../parts/dom";
import { on } from "../../parts/interaction";
import type { ViewContext } from "../../parts/view";

const NAMES: Readonly<Record<SideName, string>> = {
  shown: "The network",
  trained: "Trained on it",
  held_out: "Held it out",
};

export interface SideTabs {
  readonly element: HTMLElement;
  /** Show the sides there are, and which is chosen; hidden where there is no choice. */
  show(sides: readonly SideName[], chosen: SideName): void;
}

export function createSideTabs(
  { signal }: ViewContext,
  choose: (side: SideName) => void,
): SideTabs {
  const tabs = (["trained", "held_out"] as const).map((side) => {
    const attributes = { class: "tab", role: "tab", "data-depthviz-side": side };
    return h("button", attributes, NAMES[side]);
  });
  const element = h("div", { class: "tabs", role: "tablist", "aria-label": "Networks" }, ...tabs);
  const sideOf = (tab: HTMLElement | undefined) =>
    tab?.dataset.depthvizSide as SideName | undefined;
  const pick = (tab: HTMLElement | undefined) => {
    const side = sideOf(tab);
    if (side) choose(side);
    giveFocus(tab);
  };
  for (const tab of tabs) on(tab, "click", () => pick(tab), signal);
  on(
    element,
    "keydown",
    (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      pick(tabs.find((tab) => tab.tabIndex !== 0));
    },
    signal,
  );
  return {
    element,
    show(sides, chosen) {
      element.hidden = sides.length < 2;
      for (const tab of tabs) {
        const current = sideOf(tab) === chosen;
        setAttribute(tab, "aria-selected", String(current));
        setAttribute(tab, "tabindex", current ? 0 : -1);
      }
    },
  };
}
