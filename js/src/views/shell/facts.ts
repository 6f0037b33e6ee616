/**
 * The study's facts, as Python worded them.
 */
import { h } from "../parts/dom";

export function createFacts(facts: readonly (readonly [string, string])[]): HTMLElement {
  const rows = facts.map(([name, value]) =>
    h("div", { class: "fact" }, h("dt", {}, name), h("dd", {}, value)),
  );
  const element = h("section", { class: "panel" }, h("h3", {}, "Study"), h("dl", {}, ...rows));
  element.hidden = facts.length === 0;
  return element;
}
