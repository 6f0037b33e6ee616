/**
 * The stage of a review: while it is open, the picture and the evidence of the example in focus stand in it, and all other views
 * are out of sight; while one is blind they are out of the page.
 *
 * What stays in the page is named here, and whatever else there is goes: so a view that is made tomorrow cannot tell what is hidden.
 */
import { hasFocus, setAttribute } from "../parts/dom";
import { paintOnChange, type ViewContext } from "../parts/view";
import type { Bench } from "./bench";
import { createLoans } from "./loans";
import type { Review } from "./review";

export interface StageParts {
  readonly element: HTMLElement;
  readonly bench: Bench;
  readonly evidence: HTMLElement;
  readonly decide: HTMLElement;
}

export function stageReview(context: ViewContext, review: Review, parts: StageParts): void {
  const { element, bench, evidence, decide } = parts;
  const { desk } = review;
  const near = createLoans();
  const far = createLoans();
  let covered = false;

  /** Put what the review shows into it; what is lent by another view is found by its name. */
  function lend(root: HTMLElement, hides: boolean): void {
    const inspector = find(root, evidence, '[data-depthviz-view="inspector"]');
    const picture =
      bench.picture.querySelector(".specimen-picture") ??
      inspector?.querySelector(".specimen-picture");
    if (picture) near.move(picture, bench.picture);
    bench.verdicts.append(decide);
    if (inspector) near.move(inspector, hides ? null : evidence);
    held = inspector;
  }

  let held: Element | null = null;

  function find(root: HTMLElement, first: HTMLElement, selector: string): Element | null {
    return held ?? first.querySelector(selector) ?? root.querySelector(selector);
  }

  function cover(root: HTMLElement, blind: boolean): void {
    if (blind === covered) return;
    covered = blind;
    if (blind) for (const part of others(root, element)) far.move(part, null);
    else far.giveBack();
  }

  function returnAll(root: HTMLElement): void {
    near.giveBack();
    held = null;
    root.querySelector('[data-depthviz-slot="verdict"]')?.append(decide);
  }

  let wasOpen = false;
  paintOnChange(context, () => {
    const root = element.closest<HTMLElement>(".depthviz");
    if (!root) return;
    desk.change;
    const { open } = review;
    const blind = open && desk.blind;
    const hides = open && desk.hides(review.current);
    const had = hasFocus(root);
    setAttribute(root, "data-reviewing", open && (blind ? "blind" : "open"));
    element.hidden = !open;
    setAttribute(element, "data-hides", hides);
    setAttribute(element, "data-behind", open && !review.settled);
    // Before anything comes into the page again, what is hidden leaves it.
    if (open) lend(root, hides);
    cover(root, blind);
    if (!open) returnAll(root);
    if (open && !wasOpen) bench.element.focus({ preventScroll: true });
    else if (had && !hasFocus(root)) (open ? bench.element : root).focus({ preventScroll: true });
    wasOpen = open;
  });
}

/** All that is neither the review nor something that knows nothing of the study but its title. */
function others(root: HTMLElement, review: HTMLElement): Element[] {
  const tools = root.querySelector('.bar [data-depthviz-control="help"]')?.parentElement;
  const stay = new Set([review, tools, root.querySelector(".bar > .title")]);
  const kept = [".bar", ".body", ".notice", ".help-ground", '[data-depthviz-tools="annotate"]'];
  const goes = (part: Element) => !stay.has(part as HTMLElement) && !part.matches(kept.join());
  const rooms = [root, root.querySelector(".bar"), root.querySelector(".body")];
  return rooms.flatMap((room) => [...(room?.children ?? [])].filter(goes));
}
