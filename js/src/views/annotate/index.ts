/**
 * Annotating in an Explorer: joins the parts of a review, and tells the shell where they stand.
 */
import type { AnnotatedContext, Annotating } from "../parts/annotating";
import { h, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange } from "../parts/view";
import { createBench } from "./bench";
import { createDecide } from "./decide";
import { createGaze } from "./gaze";
import { keyLines, keySection, pressKey } from "./keys";
import { createQueueView } from "./queue/queue_view";
import { Review } from "./review";
import { createSelectionActions } from "./selection_actions";
import { stageReview } from "./stage";

export function createAnnotating(context: AnnotatedContext): Annotating {
  const { store, desk } = context;
  const element = h("div", { class: "review", "data-depthviz-view": "annotate" });
  element.hidden = true;
  const gaze = createGaze(context, (index) => isDrawn(context, element, index));
  const review = new Review(context, gaze);
  const bench = createBench(context, review);
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

/** Whether the picture of the example in focus is on the screen, or can never be. */
function isDrawn({ tiles }: AnnotatedContext, element: HTMLElement, index: number): boolean {
  if (!tiles?.carries(index)) return true;
  const root = element.closest(".depthviz");
  const canvas = root?.querySelector(".specimen-picture .picture");
  return canvas?.getAttribute("data-empty") === null || tiles.idle;
}

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
    const root = element.closest(".depthviz");
    if (!root || joined) return;
    joined = true;
    const views = root.querySelector<HTMLElement>(".views-bar");
    views?.append(enter);
    if (views) {
      const act = ({ target }: Event) => review.setOpen(enter.contains(target as Node));
      on(views, "click", act, { signal, capture: true });
    }
    const lines = keyLines(review, store.manifest.images !== null);
    root.querySelector(".key-lists")?.append(keySection(lines));
  });
}
