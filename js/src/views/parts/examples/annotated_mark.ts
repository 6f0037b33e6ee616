/**
 * The mark of an example that bears a verdict: mine, else what another person says.
 *
 * Only where studies are annotated; the shared code asks for it behind `ANNOTATING`.
 */
import type { Desk } from "../../../annotations/contract";
import { setAttribute } from "../dom";

/** The verdict on an example; empty where nobody gave one, or where it is hidden. */
export function verdictOn(desk: Desk, index: number): string {
  if (desk.hides(index)) return "";
  const said = [desk.mine(index), ...desk.others(index)];
  return said.find((one) => one?.verdict)?.verdict ?? "";
}

/** Mark a cell, or let it go unmarked. */
export function markAnnotated(cell: HTMLElement, desk: Desk | undefined, index: number): void {
  const verdict = desk ? verdictOn(desk, index) : "";
  const title = desk?.schema.verdicts.find(({ value }) => value === verdict)?.title ?? verdict;
  setAttribute(cell, "data-depthviz-annotated", title.toLowerCase() || undefined);
}
