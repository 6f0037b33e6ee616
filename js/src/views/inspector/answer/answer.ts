/**
 * The answer: what the example is, and in one sentence why it is hard.
 */
import { h } from "../../parts/dom";
import { paintOnChange, type ViewContext } from "../../parts/view";
import { findShown } from "../film/shown";
import type { InspectorState } from "../state";
import { roleList } from "./roles";
import { sentenceOn } from "./sentence";

export interface Answer {
  /** The classes in question. */
  readonly roles: HTMLElement;
  readonly sentence: HTMLElement;
}

export function createAnswer(context: ViewContext, state: InspectorState): Answer {
  const { store } = context;
  const roles = h("div", { class: "roles-slot" });
  const sentence = h("p", { class: "sentence" });
  paintOnChange(context, () => {
    const { focus } = store;
    store.parts;
    roles.hidden = sentence.hidden = focus === null;
    if (focus === null) return;
    const shown = findShown(store, state.details, focus, state.sideOf(focus));
    const base = findShown(
      store,
      state.details,
      focus,
      shown.sides.length > 1 ? "trained" : "shown",
    );
    const { evidence } = base.evidence.curves.length > 0 ? base : shown;
    roles.replaceChildren(roleList(context, focus, evidence.classes, shown.sides));
    const words = sentenceOn(store, focus, evidence, shown.sides);
    sentence.replaceChildren(
      ...words.map(({ text, strong }) => (strong ? h("strong", {}, text) : text)),
    );
    sentence.hidden = words.length === 0;
  });
  return { roles, sentence };
}
