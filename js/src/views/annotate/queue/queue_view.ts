/**
 * The queue beside the example: what is reviewed and how far that is, whose decisions are recorded, and what comes next.
 */
import { h, options, setText } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { offerFile } from "../../parts/leaving/download";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import type { Review } from "../review";
import { createProgress } from "./progress";
import { createQueueRows } from "./queue_rows";
import { orderOptions, sourceOptions } from "./sources";

export function createQueueView(context: ViewContext, review: Review): View {
  const name = createAnnotatorButton(context, review);
  const settings = createSettings(context, review);
  const progress = createProgress(context, review, name, settings.element);
  const head = h("div", { class: "review-head" }, progress.element);
  const rows = createQueueRows(context, review);
  const foot = createFoot(context, review);
  const attributes = { class: "review-queue", "aria-label": "What is reviewed" };
  return { element: h("section", attributes, head, rows.element, foot) };
}

/** Whose decisions are recorded, and the way to say so. */
function createAnnotatorButton(context: ViewContext, review: Review): HTMLElement {
  const title = "Whose decisions are recorded; click to change";
  const button = h("button", { class: "link", title, control: "annotator" });
  on(button, "click", () => review.openTool("annotator"), context.signal);
  paintOnChange(context, () => setText(button, review.desk.annotator || "your name"));
  return button;
}

function createSettings(context: ViewContext, review: Review): View {
  const { store, signal } = context;
  const from = h("select", { "aria-label": "What is reviewed", control: "queue" });
  const by = h("select", { "aria-label": "In which order", control: "queue-order" });
  const blind = h("p", { class: "note" }, "in random order");
  const element = h("div", { class: "review-settings" }, from, by, blind);
  on(from, "change", () => review.choose({ from: from.value }), signal);
  on(by, "change", () => review.choose({ by: by.value }), signal);
  paintOnChange(context, () => {
    store.selectionChange;
    store.filterChange;
    const { settings, desk } = review;
    // The name of a group or of a filter would tell what all of its examples have in common.
    from.hidden = by.hidden = desk.blind;
    blind.hidden = !desk.blind;
    from.replaceChildren();
    by.replaceChildren();
    if (desk.blind || !review.open) return;
    from.append(...options(sourceOptions(store, review.listedCount)));
    by.append(...options(orderOptions(store)));
    from.value = settings.from;
    by.value = settings.by;
    if (from.value === "") from.value = "all";
  });
  return { element };
}

function createFoot({ signal, store }: ViewContext, { desk }: Review): HTMLElement {
  const title = "Save all decisions that this page knows of; annotations.merge reads the file";
  const save = h("button", { class: "link", title, control: "download-log" }, "Download log");
  const help = "Read what others have recorded since";
  const refresh = h(
    "button",
    { class: "link", title: help, control: "refresh-annotations" },
    "Refresh",
  );
  const name = store.manifest.title.replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, "");
  on(
    save,
    "click",
    () => offerFile(`${name || "study"}.annotations.jsonl`, "application/jsonl", desk.log()),
    signal,
  );
  on(refresh, "click", () => void desk.refresh(), signal);
  return h("div", { class: "review-foot" }, save, refresh);
}
