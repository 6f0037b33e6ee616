/**
 * What every view is given, and how it draws.
 *
 * A view writes to the store when a person acts. It draws in functions that run again when a signal that they read has changed,
 * all views of a root together. So linked views never show two different moments.
 */
import type { Desk } from "../../annotations/contract";
import type { Keeper } from "../../store/keeping/keeper";
import type { LateTexts } from "../../store/previews/late_texts";
import { effect, type Signal, untracked } from "../../store/reactive";
import type { Store } from "../../store/store";
import type { Tiles } from "./examples/tiles";
import { on } from "./interaction";

export type ThemeName = "light" | "dark";

/** A function that draws, and its place among the others: lower ones run first. */
export interface Drawing {
  readonly order: number;
  run(): void;
}

export interface ViewContext {
  readonly store: Store;
  readonly tiles: Tiles | null;
  /** The texts of the examples, where they have any. */
  readonly texts?: LateTexts;
  /** Aborted when the view ends: hand it to every listener, and end with it what else must end. */
  readonly signal: AbortSignal;
  /** The theme of the page; whoever reads it while drawing draws again with the next one. */
  readonly theme: () => ThemeName;
  /** The theme that a person chose. */
  readonly chosenTheme: Signal<ThemeName | "auto">;
  /** What the host keeps; a view without one offers nothing to keep. */
  readonly keeper: Keeper | undefined;
  /** Where a person decides about examples; only where the study is annotated. */
  readonly desk?: Desk;
  /** Another number whenever the space of a view has changed. */
  readonly layout: Signal<number>;
  /** All bytes of one chunk; rejects with the reason. */
  readonly load: (name: string) => Promise<Uint8Array>;
  /** Run a drawing with all others that are due. */
  readonly schedule: (drawing: Drawing) => void;
}

export interface View {
  readonly element: HTMLElement;
}

let drawings = 0;

/** Draw soon, and again whenever a signal that `paint` has read last time has changed, also where it failed. */
export function paintOnChange(
  { schedule, signal }: Pick<ViewContext, "schedule" | "signal">,
  paint: () => void,
): void {
  let stop = () => {};
  const drawing: Drawing = {
    order: drawings++,
    run() {
      stop();
      if (signal.aborted) return;
      let painted = false;
      const failures: unknown[] = [];
      stop = effect(() => {
        if (painted) return schedule(drawing);
        painted = true;
        try {
          paint();
        } catch (reason) {
          failures.push(reason);
        }
      });
      if (failures.length > 0) throw failures[0];
    },
  };
  on(signal, "abort", () => stop(), { once: true });
  schedule(drawing);
}

/** A context for what stands in a part of the page that can be closed: it draws when that is open, and until then costs nothing. */
export function drawnWhile(context: ViewContext, isOpen: () => boolean): ViewContext {
  const waiting = new Set<Drawing>();
  // After the part has been opened itself, so that there is space to be measured.
  const opened: Drawing = {
    order: Number.POSITIVE_INFINITY,
    run() {
      waiting.forEach(context.schedule);
      waiting.clear();
    },
  };
  const stop = effect(() => {
    if (isOpen()) context.schedule(opened);
  });
  on(context.signal, "abort", stop, { once: true });
  return {
    ...context,
    schedule: (drawing) =>
      untracked(isOpen) ? context.schedule(drawing) : void waiting.add(drawing),
  };
}
