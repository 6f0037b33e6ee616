/**
 * The bench: the example that is decided on, large; whether one is blind to what is known of it; and the verdicts.
 */
import { classesOf } from "../../store/details/evidence";
import { codeOf } from "../../store/lookups";
import { h, setAttribute, setText } from "../parts/dom";
import { createPicture } from "../parts/examples/cell";
import { describe, type Suggestion, suggestionFor } from "../parts/examples/description";
import { iconButton } from "../parts/icons";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import { asksForClass } from "./choices";
import type { Review } from "./review";

export interface Bench extends View {
  /** Where the picture of the panel stands, which is without loss. */
  readonly picture: HTMLElement;
  /** Whether the picture of an example is there to be seen. */
  shows(index: number): boolean;
  /** Where the verdicts stand. */
  readonly verdicts: HTMLElement;
}

const HIDDEN = "label, prediction, depth and neighbors are hidden until you answer";

export function createBench(context: ViewContext, review: Review): Bench {
  const picture = h("div", { class: "bench-picture" });
  const canvas = createThumbnail(context, review);
  if (canvas) picture.append(canvas);
  const verdicts = h("div", {});
  const attributes = { class: "bench", tabindex: -1, "aria-label": "Example to decide on" };
  const element = h("section", attributes);
  element.append(createHead(context, review), picture, createWords(context, review), verdicts);
  const shows = (index: number) =>
    index === review.current && canvas?.hasAttribute("data-empty") === false;
  return { element, picture, verdicts, shows };
}

/** The example at once, as small as the page has it, until the panel has drawn it. */
function createThumbnail(context: ViewContext, review: Review): HTMLCanvasElement | null {
  const { tiles } = context;
  if (!tiles) return null;
  const canvas = createPicture(tiles);
  canvas.classList.remove("small");
  paintOnChange(context, () => {
    const index = review.current;
    if (!review.open || index === null) return;
    setAttribute(canvas, "data-empty", !tiles.draw(index, canvas));
  });
  return canvas;
}

function createHead(context: ViewContext, review: Review): HTMLElement {
  const { store, signal } = context;
  const { desk } = review;
  const seen = context.tiles ?? context.texts;
  const name = h("h3", { class: "bench-name" });
  const hint = seen
    ? "Hide what is known of it until you have answered (b)"
    : "There is no picture and no text";
  const open = h("button", { control: "open" }, "Open");
  const blind = h("button", { control: "blind", title: hint }, "Blind", h("kbd", {}, "B"));
  const close = iconButton("annotate-close", "close", "Leave (Escape)");
  on(open, "click", () => desk.setBlind(false), signal);
  on(blind, "click", () => seen && desk.setBlind(true), signal);
  on(close, "click", () => review.setOpen(false), signal);
  paintOnChange(context, () => {
    const focus = review.current;
    desk.change;
    const place = review.queue.places.get(focus ?? -1);
    // An id may be made of the label, and numbers of a data set often run by class.
    const id = focus === null ? "" : describe(store, focus).id;
    const unnamed = place === undefined ? "Example" : `Example ${place + 1}`;
    setText(name, desk.blind ? unnamed : `Example ${id}`);
    setAttribute(name, "title", desk.blind ? undefined : id);
    setAttribute(open, "aria-pressed", String(!desk.blind));
    setAttribute(blind, "aria-pressed", String(desk.blind));
    setAttribute(blind, "aria-disabled", seen ? undefined : "true");
    close.hidden = desk.blind;
  });
  const sight = h("div", { class: "sight", role: "group", "aria-label": "What is seen" });
  sight.append(open, blind);
  return h("div", { class: "bench-head" }, name, sight, close);
}

/** What the example is said to be; what it is, is the question where that is hidden. */
function createWords(context: ViewContext, review: Review): HTMLElement {
  const { store } = context;
  const { desk } = review;
  const element = h("p", { class: "sentence bench-words" });
  const asked = h("strong", {});
  const hint = h("span", { class: "note" }, HIDDEN);
  paintOnChange(context, () => {
    const focus = review.current;
    desk.change;
    element.hidden = focus === null;
    if (focus === null) return;
    if (desk.hides(focus)) {
      setText(asked, asksForClass(desk, store) ? "What is it?" : "What do you say?");
      element.replaceChildren(asked, " ", hint);
      return;
    }
    const given = codeOf(store, "label", focus);
    const { label } = describe(store, focus);
    const suggestion = suggestionFor(store, focus);
    const who = suggestion ? leadTo(suggestion, classesOf(store, focus).suspected) : "";
    const first = given === undefined ? ["It has no label. "] : ["Labeled ", strong(label), ". "];
    element.replaceChildren(...first, ...(suggestion ? [who, strong(suggestion.name), "."] : []));
  });
  return element;
}

/** A class that is suggested for no reason is only the next likely. */
function leadTo({ kind }: Suggestion, suspected: boolean): string {
  if (kind === "predicted") return "The network says ";
  return suspected ? "The neighbors suggest " : "Next likely is ";
}

function strong(text: string): HTMLElement {
  return h("strong", { dir: "auto" }, text);
}
