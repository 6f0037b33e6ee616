/**
 * The keys of annotating: all of them while a review is open, the verdicts and tools also where an example is looked at.
 */
import type { Store } from "../../store/store";
import { h } from "../parts/dom";
import { isText } from "../parts/interaction";
import { choiceOf, choicesFor } from "./choices";
import type { Review, Tool } from "./review";
import type { SelectionActions } from "./selection_actions";

export interface KeyLine {
  readonly keys: string;
  readonly does: string;
}

const TOOLS: Readonly<Record<string, Tool>> = { r: "class", t: "tag", n: "note" };

/** What shows or changes other views, which are out of sight. */
const ELSEWHERE = new Set(["s", "o", "w", "f", "c", "v"]);

/** Do what a key says; false where it says nothing here. */
export function pressKey(
  event: KeyboardEvent,
  store: Store,
  review: Review,
  actions: SelectionActions,
): boolean {
  if (event.isComposing || isText(event)) return false;
  if (event.ctrlKey || event.metaKey) return review.open && pressCommand(event, review);
  if (event.altKey) return false;
  const done = review.open
    ? pressInReview(event, store, review)
    : pressInExplorer(event, store, review, actions);
  return done;
}

function pressCommand(event: KeyboardEvent, review: Review): boolean {
  if (event.altKey || event.getModifierState("AltGraph")) return false;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) review.undo();
  else if (key === "z" || key === "y") review.redo();
  else return false;
  return true;
}

function pressInReview(event: KeyboardEvent, store: Store, review: Review): boolean {
  const { desk } = review;
  const key = event.key.toLowerCase();
  if (event.key === "Escape") return leave(review);
  if (isOperated(event)) return false;
  const choice = choiceOf(choicesFor(desk, store, review.current), event);
  // A key that is held is pressed once.
  if (choice) event.repeat || review.give(choice);
  else if (key === "enter") event.repeat || review.skip();
  else if (event.key === "ArrowLeft") review.step(-1);
  else if (event.key === "ArrowRight") review.step(1);
  else if (TOOLS[key]) event.repeat || openTool(event, review, TOOLS[key]);
  else if (key === "b") event.repeat || toggleBlind(store, review);
  else if (key === "a") event.repeat || review.setOpen(false);
  else return ELSEWHERE.has(key) || (key === "/" && desk.blind);
  return true;
}

function pressInExplorer(
  event: KeyboardEvent,
  store: Store,
  review: Review,
  actions: SelectionActions,
): boolean {
  if (event.target instanceof HTMLSelectElement) return false;
  const key = event.key.toLowerCase();
  const many = store.selection.count > 1;
  if (key === "a") event.repeat || review.setOpen(true);
  else if (key === "v" && store.selection.count > 0) actions.openVerdicts();
  else if (key === "t" && many) actions.openTags();
  else if (store.frame.panel === "closed" || store.focus === null) return false;
  else if (event.key === "Escape" && review.tool !== null) review.openTool(null);
  else if (TOOLS[key]) event.repeat || openTool(event, review, TOOLS[key]);
  else {
    const choice = choiceOf(choicesFor(review.desk, store, store.focus), event);
    if (!choice) return false;
    event.repeat || review.give(choice);
  }
  return true;
}

/** A letter that opens a field is not typed into it. */
function openTool(event: KeyboardEvent, review: Review, tool: Tool): void {
  event.preventDefault();
  if (review.tool !== tool) review.openTool(tool);
}

/** Closes the tool that is open, else the review; blind mode is left by its own key alone. */
function leave(review: Review): boolean {
  if (review.tool !== null) review.openTool(null);
  else if (review.desk.blind) return false;
  else review.setOpen(false);
  return true;
}

function toggleBlind({ manifest }: Store, { desk }: Review): void {
  if (desk.blind || manifest.images) desk.setBlind(!desk.blind);
}

/** Enter and arrows are a button's or a list's own, where one has the keyboard. */
function isOperated({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches("select, input")) return true;
  const own = key === "Enter" || key.startsWith("Arrow");
  return own && target.closest("button, [role=tablist], [data-neighbor], summary") !== null;
}

/** The lines of the list of keys. */
export function keyLines({ desk }: Review, hasPictures: boolean): KeyLine[] {
  const verdicts = desk.schema.verdicts.map(({ key, title }) => ({
    keys: key.toUpperCase(),
    does: `${title.charAt(0).toLowerCase()}${title.slice(1)}, and on to the next`,
  }));
  return [
    { keys: "a", does: "annotate, or leave it" },
    ...verdicts,
    { keys: "r", does: "say which class it is: one of the list, or a new name" },
    { keys: "t", does: "tags of the example, or of the selection" },
    { keys: "n", does: "a note; Ctrl + Enter keeps it" },
    { keys: "Enter", does: "skip to the next without a verdict" },
    { keys: "← →", does: "one back in the queue, one on" },
    ...(hasPictures
      ? [{ keys: "b", does: "blind: hide what is known until you have answered" }]
      : []),
    { keys: "Ctrl + Z", does: "take the last decision back, while annotating" },
    { keys: "Ctrl + Shift + Z", does: "decide so again; Ctrl + Y as well" },
    { keys: "v", does: "a verdict on all that are selected" },
  ];
}

/** The lines as a part of that list. */
export function keySection(lines: readonly KeyLine[]): HTMLElement {
  const terms = lines.flatMap(({ keys, does }) => [
    h("dt", {}, h("kbd", {}, keys)),
    h("dd", {}, does),
  ]);
  const name = "Annotating";
  return h("section", { "aria-label": name }, h("h4", {}, name), h("dl", {}, ...terms));
}
