/**
 * The inspector: all that is known of the example in focus, and how its prediction came about, probe by probe.
 *
 * Puts the parts below one another; each part knows only its own matter. Keeps the way back to what was looked at before.
 */
import { computed, untracked } from "../../store/reactive";
import type { Store } from "../../store/store";
import { describe } from "../parts/description";
import { h, setAttribute, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { createNotice } from "../parts/notice";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { createAgreementLine } from "./agreement_line";
import { createPieces } from "./detail_cache";
import { createFilm } from "./film/film";
import { columnList, memberHead, summary, trainingRecord } from "./inspector_facts";
import { createSpread } from "./members";
import { createSpecimen } from "./picture";
import { markProbe, probeTable } from "./probe_table";

export function createInspector(context: ViewContext): View {
  const { store, signal } = context;
  const id = h("span", { class: "specimen-id" });
  const hidden = h("span", { class: "note" }, "hidden by the filters");
  const way = createWay(context);
  const select = createSelect(context);
  const copy = createCopy(store, id, signal);
  const hint = h(
    "p",
    { class: "hint" },
    "Choose an example in the grid or in the map to see how it was decided.",
  );
  const pieces = createPieces(store.manifest, context.load);
  const notice = createNotice(signal);
  paintOnChange(context, () => {
    hidden.hidden = store.focus === null || store.filters.isShown(store.focus);
    copy.hidden = store.focus === null;
  });
  paintOnChange(context, () => {
    store.focus;
    pieces.retry();
  });
  const specimen = createSpecimen(context, pieces);
  const line = createAgreementLine(context, pieces);
  const film = createFilm(context, pieces);
  const spread = createSpread(context, pieces);
  const facts = h("div", { class: "summary-slot" });
  const member = h("div");
  const votes = h("div");
  const record = h("div");
  const columns = h("div");
  const told = store.manifest.details.neighbors !== null;
  const table = h("details", { class: "votes", open: !told }, h("summary", {}, "Votes"), votes);
  const head = h("div", { class: "specimen" }, specimen.element, facts);
  const how = [line.element, film.element, table, spread.element];
  const all = [head, member, ...how, record, columns];
  const body = h(
    "div",
    { class: "inspector-body", tabindex: 0, role: "group", "aria-label": "Details" },
    hint,
    ...all,
  );

  function fill(): void {
    const index = store.focus;
    hint.hidden = index !== null;
    for (const part of [head, member, table, record, columns]) part.hidden = index === null;
    setText(id, index === null ? "" : describe(store, index).id);
    setAttribute(id, "title", id.textContent ?? "");
    if (index === null) return;
    const scroll = body.scrollTop;
    facts.replaceChildren(summary(describe(store, index), context, index));
    member.replaceChildren(...memberHead(store, index));
    votes.replaceChildren(probeTable(store, index));
    table.hidden = !store.parts.votes;
    record.replaceChildren(...trainingRecord(store, index));
    columns.replaceChildren(columnList(store, index));
    body.scrollTop = scroll;
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
    const { failure } = pieces;
    if (failure === "" || store.focus === null) notice.hide();
    else notice.show(failure, pieces.retry);
  });
  return {
    element: h(
      "section",
      { class: "pane", "data-depthviz-view": "inspector", "aria-label": "Inspector" },
      h(
        "div",
        { class: "head" },
        h("h3", {}, "Example"),
        way.element,
        hidden,
        id,
        select.element,
        copy,
      ),
      notice.element,
      body,
    ),
  };
}

/** What is said of the group of the example in view; a boundary that moves changes it for few. */
function groupNow(store: Store): string {
  const group = store.focus === null ? null : describe(store, store.focus).group;
  return `${group?.name} ${store.groupsMoved}`;
}

/** Back and forward among the examples that were looked at. */
function createWay(context: ViewContext): View {
  const { store, signal } = context;
  const button = (control: string, text: string, name: string, by: -1 | 1) => {
    const attributes = { type: "button", class: "icon", "aria-label": name, title: name };
    const element = h("button", { ...attributes, "data-depthviz-control": control }, text);
    on(element, "click", () => store.revisit(by), { signal });
    return element;
  };
  const back = button("back", "‹", "Back to the example before", -1);
  const forward = button("forward", "›", "Forward to the example after", 1);
  paintOnChange(context, () => {
    store.focus;
    setAttribute(back, "aria-disabled", String(!store.visits.canGoBack));
    setAttribute(forward, "aria-disabled", String(!store.visits.canGoForward));
  });
  return { element: h("span", { class: "way" }, back, forward) };
}

/** Select the example in focus, or let it go: a neighbor may be listed nowhere else. */
function createSelect(context: ViewContext): View {
  const { store, signal } = context;
  const attributes = { type: "button", class: "link", title: "Select this example (s)" };
  const button = h("button", { ...attributes, "data-depthviz-control": "select-focus" }, "select");
  const act = () => store.focus !== null && store.select([store.focus], "toggle");
  on(button, "click", act, { signal });
  paintOnChange(context, () => {
    const selected = store.focus !== null && store.selection.has(store.focus);
    button.hidden = store.focus === null;
    setAttribute(button, "aria-pressed", String(selected));
    setText(button, selected ? "✓ selected" : "select");
  });
  return { element: button };
}

/** Where a page may not write to the clipboard, the id is marked, so that a hand can copy it. */
function createCopy(store: Store, id: HTMLElement, signal: AbortSignal): HTMLButtonElement {
  const attributes = { type: "button", class: "link", "data-depthviz-control": "copy-id" };
  const button = h(
    "button",
    { ...attributes, title: "Copy the id", "aria-live": "polite" },
    "copy",
  );
  const say = (text: string) => {
    setText(button, text);
    setTimeout(() => setText(button, "copy"), 1500);
  };
  const mark = () => {
    getSelection()?.selectAllChildren(id);
    say("marked, copy it");
  };
  on(
    button,
    "click",
    () => {
      if (store.focus === null) return;
      const done = navigator.clipboard?.writeText(describe(store, store.focus).id);
      if (done) done.then(() => say("copied"), mark);
      else mark();
    },
    { signal },
  );
  return button;
}
