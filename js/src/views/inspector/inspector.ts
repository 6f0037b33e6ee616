/**
 * The inspector: the example in focus. What is it, why is it hard, and the evidence; then all else that is known of it.
 *
 * Puts the parts beside and below one another; each part knows only its own matter. Two examples are compared in its place.
 */
import { computed, untracked } from "../../store/reactive";
import type { Store } from "../../store/store";
import { h, setAttribute } from "../parts/dom";
import { describe } from "../parts/examples/description";
import { createNotice } from "../parts/notice";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createAnswer } from "./answer/answer";
import { createExamplePicture } from "./answer/picture";
import { createCompare } from "./compare/compare";
import { createDetailCache } from "./detail_cache";
import { createFilm } from "./film/film";
import { columnList, memberHead, summary, trainingRecord } from "./inspector_facts";
import { createInspectorHead } from "./inspector_head";
import { listenToInspector } from "./keys";
import { createMemberDepths } from "./members";
import { markProbe, probeTable } from "./probe_table";
import { createInspectorState } from "./state";

const HINT = "Choose an example in the grid or in the map to see what it is and why it is hard.";

export function createInspector(context: ViewContext): View {
  const { store, signal } = context;
  const hint = h("p", { class: "hint" }, HINT);
  const details = createDetailCache(store.manifest, context.load);
  const notice = createNotice(signal);
  paintOnChange(context, () => {
    store.focus;
    details.retry();
  });
  const attributes = { tabindex: 0, role: "group", "aria-label": "Details" };
  const body = h("div", { class: "inspector-body", ...attributes });
  const state = createInspectorState(context, details, body);
  const compare = createCompare(context, state);
  const head = createInspectorHead(context, compare.button);
  const picture = createExamplePicture(context, details);
  const answer = createAnswer(context, state);
  const film = createFilm(context, state);
  const members = createMemberDepths(context, details);
  const facts = createFacts(store);
  const verdict = h("div", { class: "verdict-slot", "data-depthviz-slot": "verdict" });
  const what = h(
    "div",
    { class: "focus-what" },
    picture.element,
    answer.roles,
    verdict,
    facts.head,
  );
  const why = h("div", { class: "focus-why" }, answer.sentence, film.element);
  const more = h("div", { class: "focus-more" });
  more.append(members.element, facts.member, facts.table, facts.record, facts.columns);
  const focus = h("div", { class: "focus" }, what, why, more);
  body.append(hint, focus, compare.element);

  function fill(): void {
    const index = store.focus;
    hint.hidden = index !== null;
    head.showId(index === null ? "" : describe(store, index).id);
    const scroll = body.scrollTop;
    facts.fill(index);
    if (index !== null) body.scrollTop = scroll;
  }

  const group = computed(() => groupNow(store));
  paintOnChange(context, () => {
    store.focus;
    store.parts;
    group.value;
    context.theme();
    untracked(fill);
  });
  paintOnChange(context, () => {
    focus.hidden = store.focus === null || compare.open.value;
  });
  paintOnChange(context, () => markProbe(body, Math.round(store.probe)));
  paintOnChange(context, () => {
    const { failure } = details;
    if (failure === "" || store.focus === null) notice.hide();
    else notice.show(failure, details.retry);
  });
  const element = h("section", { class: "pane of-example", "data-depthviz-view": "inspector" });
  setAttribute(element, "aria-label", "Inspector");
  element.append(head.element, notice.element, body);
  listenToInspector(element, context, compare);
  return { element };
}

/** The parts of the body that are made anew for each example. */
function createFacts(store: Store) {
  const head = h("div", { class: "facts-slot" });
  const [member, votes, record, columns] = [h("div"), h("div"), h("div"), h("div")];
  const open = store.manifest.details.neighbors === null;
  const table = h("details", { class: "votes", open }, h("summary", {}, "Votes"), votes);
  return {
    head,
    member,
    table,
    record,
    columns,
    /** Show one example, or none. */
    fill(index: number | null) {
      for (const part of [head, member, table, record, columns]) part.hidden = index === null;
      if (index === null) return;
      head.replaceChildren(summary(describe(store, index), store, index));
      member.replaceChildren(...memberHead(store, index));
      votes.replaceChildren(probeTable(store, index));
      table.hidden = !store.parts.votes;
      record.replaceChildren(...trainingRecord(store, index));
      columns.replaceChildren(columnList(store, index));
    },
  };
}

/** What is shown of the group of the example in view; a boundary that moves changes it for few. */
function groupNow(store: Store): string {
  const group = store.focus === null ? null : describe(store, store.focus).group;
  return `${group?.name} ${store.groupsMoved}`;
}
