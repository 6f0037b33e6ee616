/**
 * The inspector: all that is known of the example in focus, and how its prediction came about, probe by probe.
 *
 * Puts the parts below one another; each part knows only its own matter. Keeps the way back to what was looked at before.
 */
import { computed, untracked } from "../../store/reactive";
import type { Store } from "../../store/store";
import { describe } from "../parts/description";
import { h } from "../parts/dom";
import { createNotice } from "../parts/notice";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createAgreementLine } from "./agreement_line";
import { createDetailCache } from "./detail_cache";
import { createFilm } from "./film/film";
import { columnList, memberHead, summary, trainingRecord } from "./inspector_facts";
import { createInspectorHead } from "./inspector_head";
import { createMemberDepths } from "./members";
import { createExamplePicture } from "./picture";
import { markProbe, probeTable } from "./probe_table";

const HINT = "Choose an example in the grid or in the map to see how it was decided.";

export function createInspector(context: ViewContext): View {
  const { store, signal } = context;
  const hint = h("p", { class: "hint" }, HINT);
  const details = createDetailCache(store.manifest, context.load);
  const notice = createNotice(signal);
  const head = createInspectorHead(context);
  paintOnChange(context, () => {
    store.focus;
    details.retry();
  });
  const picture = createExamplePicture(context, details);
  const line = createAgreementLine(context, details);
  const film = createFilm(context, details);
  const members = createMemberDepths(context, details);
  const facts = createFacts(context, picture.element);
  const how = [line.element, film.element, facts.table, members.element];
  const body = h(
    "div",
    { class: "inspector-body", tabindex: 0, role: "group", "aria-label": "Details" },
    ...[hint, facts.head, facts.member, ...how, facts.record, facts.columns],
  );

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
  paintOnChange(context, () => markProbe(body, Math.round(store.probe)));
  paintOnChange(context, () => {
    const { failure } = details;
    if (failure === "" || store.focus === null) notice.hide();
    else notice.show(failure, details.retry);
  });
  const attributes = {
    class: "pane",
    "data-depthviz-view": "inspector",
    "aria-label": "Inspector",
  };
  return { element: h("section", attributes, head.element, notice.element, body) };
}

/** The parts of the body that are made anew for each example. */
function createFacts(context: ViewContext, picture: HTMLElement) {
  const { store } = context;
  const summarized = h("div", { class: "summary-slot" });
  const [member, votes, record, columns] = [h("div"), h("div"), h("div"), h("div")];
  const open = store.manifest.details.neighbors === null;
  const table = h("details", { class: "votes", open }, h("summary", {}, "Votes"), votes);
  const head = h("div", { class: "specimen" }, picture, summarized);
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
      summarized.replaceChildren(summary(describe(store, index), context, index));
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
