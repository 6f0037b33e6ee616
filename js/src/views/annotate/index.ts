/**
 * Annotating in an Explorer: joins the parts of a review, and tells the shell where they stand.
 */

import { h, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange } from "../parts/view";
import type { AnnotatedContext, Annotating } from "./annotating";
import { type Bench, createBench } from "./bench";
import { createDecide } from "./decide";
import { keyLines, keySection, pressKey } from "./keys";
import { createQueueView } from "./queue/queue_view";
import { Review } from "./review";
import { createSelectionActions } from "./selection_actions";
import { stageReview } from "./stage";

export function createAnnotating(context: AnnotatedContext): Annotating {
  const { store, desk } = context;
  const element = h("div", { class: "review", "data-depthviz-view": "annotate" });
  element.hidden = true;
  const review = new Review(context, (index) => isDrawn(index));
  const bench = createBench(context, review);
  const isDrawn = createLook(context, review, bench);
  const decide = createDecide(context, review).element;
  const evidence = h("div", { class: "evidence" });
  const actions = createSelectionActions(context, review);
  element.append(createQueueView(context, review).element, bench.element, evidence);
  const tools = createTools(context, review);

  paintOnChange(context, () => {
    setAttribute(element, "data-depthviz-unsaved", desk.unsaved);
  });
  // Where a view begins blind it begins with the review, since all else would tell.
  paintOnChange(context, () => {
    if (desk.blind && !review.open) review.setOpen(true);
  });
  // Keys of the evidence's own come after those of the review.
  const pressBefore = (event: KeyboardEvent) => {
    if (pressKey(event, store, review, actions)) event.preventDefault();
  };
  on(evidence, "keydown", pressBefore, { signal: context.signal, capture: true });
  stageReview(context, review, { element, bench, evidence, decide });
  joinShell(context, review, element);
  return {
    element,
    tools,
    actions: actions.element,
    press: (event) => pressKey(event, store, review, actions),
  };
}

/** Says whether the picture of an example is on the screen, or cannot be had. */
function createLook({ tiles, texts }: AnnotatedContext, review: Review, bench: Bench) {
  let idle = 0;
  return (index: number): boolean => {
    if (!tiles && texts) return texts.has(index) || texts.failure !== "";
    if (!tiles?.carries(index)) return true;
    idle = tiles.idle ? idle + 1 : 0;
    const { element, shows } = bench;
    const selector = ".specimen-picture .picture:not([data-empty])";
    const shown = review.open
      ? shows(index)
      : Boolean(element.closest(".depthviz")?.querySelector(selector));
    return shown || idle > PATIENT_FRAMES;
  };
}

/** A tile that was asked for again is on its way by then; what is not has failed, which is said elsewhere. */
const PATIENT_FRAMES = 5;

/** The way in, beside the other tools for the whole view. */
function createTools(context: AnnotatedContext, review: Review): HTMLElement {
  const title = "Annotate: decide on one example after another (a)";
  const button = h("button", { class: "icon annotate-button", title, control: "annotate" });
  button.append("Annotate");
  on(button, "click", () => review.setOpen(!review.open), context.signal);
  paintOnChange(context, () => {
    setAttribute(button, "aria-pressed", String(review.open));
    setAttribute(button, "aria-disabled", review.open && review.desk.blind ? "true" : undefined);
  });
  return h("div", { class: "bar-tools", "data-depthviz-tools": "annotate" }, button);
}

/** What stands in parts of the shell: the way in on a phone, and the lines of the list of keys. */
function joinShell(context: AnnotatedContext, review: Review, element: HTMLElement): void {
  const { signal, store } = context;
  const enter = h("button", { "data-depthviz-show": "review" }, "Review");
  let joined = false;
  paintOnChange(context, () => {
    context.layout.value;
    setAttribute(enter, "aria-pressed", String(review.open));
    const root = element.closest<HTMLElement>(".depthviz");
    if (!root || joined) return;
    joined = true;
    // A notebook refuses what undoes text anywhere in it, before the event comes here.
    const own = (event: InputEvent) => {
      if (event.inputType.startsWith("history") && event.composedPath().includes(root))
        event.stopImmediatePropagation();
    };
    on(window, "beforeinput", own, { signal, capture: true });
    const views = root.querySelector<HTMLElement>(".views-bar");
    views?.append(enter);
    if (views) {
      const act = ({ target }: Event) => review.setOpen(enter.contains(target as Node));
      on(views, "click", act, { signal, capture: true });
    }
    const lines = keyLines(review, store.manifest.images !== null || context.texts !== undefined);
    root.querySelector(".key-lists")?.append(keySection(lines));
  });
}
