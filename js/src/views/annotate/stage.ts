/**
 * The stage of a review: while it is open, the picture and the evidence of the example in focus stand in it, and all other views
 * are out of sight; while one is blind they are out of the page.
 *
 * What stays in the page is named here, and whatever else there is goes: so a view that is made tomorrow cannot tell what is hidden.
 */
import { effect, untracked } from "../../store/reactive";
import { hasFocus, setAttribute } from "../parts/dom";
import { on } from "../parts/interaction";
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
  const near = createLoans();
  const far = createLoans();
  let inspector: Element | null = null;
  let picture: Element | null = null;
  let covered = false;
  let wasOpen = false;

  /** Put what the review shows into it; what is lent by another view is found by its name, once. */
  function lend(root: HTMLElement, hides: boolean): void {
    inspector ??= root.querySelector('[data-depthviz-view="inspector"]');
    picture ??= inspector?.querySelector(".focus-what > .specimen-picture") ?? null;
    if (picture) near.move(picture, bench.picture);
    if (decide.parentElement !== bench.verdicts) bench.verdicts.append(decide);
    if (inspector) near.move(inspector, hides ? null : evidence);
  }

  function returnAll(root: HTMLElement): void {
    near.giveBack();
    const slot = root.querySelector('[data-depthviz-slot="verdict"]');
    if (slot && decide.parentElement !== slot) slot.append(decide);
  }

  function cover(root: HTMLElement, blind: boolean): void {
    if (blind === covered) return;
    covered = blind;
    if (blind) for (const part of others(root, element)) far.move(part, null);
    else far.giveBack();
  }

  function arrange(): void {
    const root = element.closest<HTMLElement>(".depthviz");
    if (!root) return;
    const { open, blind, hides } = sightOf(review);
    const had = hasFocus(root);
    setAttribute(root, "data-reviewing", open && (blind ? "blind" : "open"));
    element.hidden = !open;
    setAttribute(element, "data-hides", hides);
    setAttribute(element, "data-behind", open && !review.settled);
    // What is hidden leaves the page before anything else comes into it.
    if (open) lend(root, hides);
    cover(root, blind);
    if (!open) returnAll(root);
    if (open && !wasOpen) bench.element.focus({ preventScroll: true });
    else if (had && !hasFocus(root)) (open ? bench.element : root).focus({ preventScroll: true });
    wasOpen = open;
  }

  // Of two that are compared the other one may be hidden: at once, before anything of it is drawn.
  const part = effect(() => {
    if (review.desk.blind && context.store.compared !== null) context.store.compareWith(null);
  });
  // After the panel has drawn the example that it is about to show.
  paintOnChange(context, arrange);
  // At once, so that the next key is the review's.
  const stop = effect(() => {
    review.open;
    untracked(arrange);
  });
  for (const end of [part, stop]) on(context.signal, "abort", end, { once: true });
}

/** What can be seen; the evidence stays out of sight until it is that of the example. */
function sightOf(review: Review) {
  const { open, desk, settled } = review;
  desk.change;
  const blind = open && desk.blind;
  const hides = open && (desk.hides(review.current) || (blind && !settled));
  return { open, blind, hides };
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
