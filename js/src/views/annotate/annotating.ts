/**
 * What annotating puts into an Explorer, and where.
 *
 * There are two bundles of one source: with annotations and without. What the shared code does for them stands behind `ANNOTATING`,
 * which is false in the one without, so that nothing of it is left there.
 */
import type { Desk } from "../../annotations/contract";
import type { ViewContext } from "../parts/view";

export interface Annotating {
  /** Stands in the body, after the panel of the example. */
  readonly element: HTMLElement;
  /** Stands in the header, before its tools. */
  readonly tools: HTMLElement;
  /** Stands in the bar of a selection. */
  readonly actions: HTMLElement;
  /** Do what a key says, before anything else does; false where it says nothing. */
  press(event: KeyboardEvent): boolean;
}

/** The context of a view whose study is annotated. */
export type AnnotatedContext = ViewContext & { readonly desk: Desk };
