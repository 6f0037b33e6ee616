/**
 * The color of a verdict: the schema's, else one of a few that are told apart, in the order of the schema.
 */
import type { Verdict } from "../../annotations/contract";

const USUAL = ["wrong", "right", "open", "unsure"] as const;

export function verdictColor({ color }: Verdict, place: number): string {
  if (/^#[\da-f]{3,8}$/i.test(color)) return color;
  return `var(--dv-said-${USUAL[place % USUAL.length]})`;
}
