/**
 * The evidence: one row a probe, and in it points of the curves of votes and the nearest training examples, nearest first.
 *
 * Each neighbor is marked by the class that it votes for, as its curve is. One of them is a step away: a click or Enter goes there.
 */
import { sidesToShow } from "../../../store/details/evidence";
import type { Store } from "../../../store/store";
import { giveFocus, h, hasFocus, keepFocus, setText } from "../../parts/dom";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import { legendEntries, rolesText } from "../answer/roles";
import type { InspectorState } from "../state";
import { createFilmStrip } from "./film_strip";
import { findShown, type Shown } from "./shown";
import { sideNotes } from "./side_notes";
import { createSideTabs } from "./side_tabs";

const TITLE = "Nearest training examples";

export function createFilm(context: ViewContext, state: InspectorState): View {
  const { store } = context;
  const k = store.manifest.details.neighbors?.k ?? 0;
  const strip = createFilmStrip(context, k);
  const rows = strip.element;
  const hint = h("p", { class: "hint", tabindex: -1 });
  const legend = h("div", { class: "film-legend" });
  const tabs = createSideTabs(context, state.chooseSide);
  const foot = h("p", { class: "film-foot" });
  const heading = h("h3", { class: "spoken" }, TITLE);
  const bar = h("div", { class: "film-bar" }, tabs.element, legend);
  const attributes = { class: "film", "data-depthviz-film": true, "aria-label": TITLE };
  const element = h("section", attributes, heading, bar, hint, rows, foot);
  let focused: number | null = null;
  let current = -1;

  /** A part that goes takes the keyboard along, and keys would be the notebook's: the hint takes it over. */
  function explain(why: string): void {
    setText(hint, why);
    hint.hidden = false;
    if (hasFocus(rows)) giveFocus(hint);
  }

  function hideHint(): void {
    if (hint.hidden) return;
    if (hasFocus(hint)) strip.focusActive();
    if (hasFocus(hint)) keepFocus(hint);
    hint.hidden = true;
  }

  function paint(index: number): void {
    const another = index !== focused;
    const walking = another && hasFocus(rows);
    focused = index;
    if (another) strip.restart();
    const side = state.sideOf(index);
    const shown = findShown(store, state.details, index, side);
    const { missing, evidence } = shown;
    rows.hidden = missing !== "" && evidence.curves.length === 0;
    if (missing !== "") explain(missing);
    tabs.show(sidesToShow(shown.sides), side);
    legend.replaceChildren(...legendOf(context, shown));
    foot.replaceChildren(...sideNotes(store, shown).map(([text, help]) => note(text, help)));
    strip.paint(shown, state.freeHeight(rows));
    if (store.probe !== current) strip.reveal(Math.round(store.probe));
    current = store.probe;
    if (walking) strip.focusActive();
    if (missing === "") hideHint();
  }

  paintOnChange(context, () => {
    const { focus } = store;
    state.size.value;
    element.hidden = focus === null || !(k > 0 || hasCurves(store));
    if (!element.hidden && focus !== null) paint(focus);
  });
  return { element };
}

function hasCurves(store: Store): boolean {
  return (store.manifest.details.sides ?? null) !== null || store.parts.agreement !== undefined;
}

function legendOf(context: ViewContext, { evidence, neighbors }: Shown): HTMLElement[] {
  const entries = legendEntries(context, evidence.curves, (roles) =>
    rolesText(roles, evidence.classes),
  );
  if (neighbors.length === 0) return entries;
  return [...entries, h("span", { class: "key note" }, "pale: another class")];
}

function note(text: string, help: string): HTMLElement {
  return h("span", { class: help ? "explained" : "", title: help || undefined }, text);
}
