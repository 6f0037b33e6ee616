/**
 * A frame of the film strip whose neighbor is still to be decided on by somebody who is blind: its picture, and nothing that is
 * known of it.
 *
 * Only where studies are annotated; the shared code asks for it behind `ANNOTATING`.
 */
import type { Desk } from "../../../annotations/contract";
import { setAttribute, setText } from "../dom";

/** Whether the frame may tell nothing; one without a neighbor may not either, for it has words of an earlier one. */
export function isHiddenFrame(desk: Desk | undefined, neighbor: number | undefined): boolean {
  return desk?.blind === true && (neighbor === undefined || desk.hides(neighbor));
}

/** Take back what was written into a frame. */
export function hideFrame(frame: HTMLElement, words: HTMLElement, place: number): void {
  setAttribute(frame, "data-role", undefined);
  setAttribute(frame, "data-shared", undefined);
  frame.style.removeProperty("--dv-class");
  setText(words, "?");
  const said = `Neighbor ${place + 1}, not answered yet`;
  setAttribute(frame, "aria-label", said);
  setAttribute(frame, "title", said);
}
