/**
 * Annotating in an Explorer.
 */
import type { AnnotatedContext, Annotating } from "../parts/annotating";
import { h } from "../parts/dom";

export function createAnnotating({ desk }: AnnotatedContext): Annotating {
  const element = h("div", { hidden: "", "data-depthviz-view": "annotate" });
  element.setAttribute("data-depthviz-unsaved", String(desk.unsaved));
  return { element, tools: h("div"), actions: h("div"), press: () => false };
}
