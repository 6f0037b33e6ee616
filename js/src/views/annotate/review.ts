/**
 * A review: the state of annotating that its views share, and what a person can do in it.
 *
 * While it is open one example of a queue after another comes into focus; in blind mode it cannot be closed, since all other views
 * show what is hidden. Knows no elements.
 */
import type { Decisions, Desk } from "../../annotations/contract";
import { batch, computed, signal, untracked } from "../../store/reactive";
import type { Store } from "../../store/store";
import type { AnnotatedContext } from "./annotating";
import { type Choice, decisionsOf } from "./choices";
import { createGaze, type Gaze } from "./gaze";
import { nextOpen, type Queue } from "./queue/queue";
import { queueOf, type Settings, USUAL_SETTINGS } from "./queue/sources";

/** What can be opened beside the verdicts; one at a time. */
export type Tool = "class" | "tag" | "note" | "annotator" | null;

export class Review {
  readonly desk: Desk;
  readonly #store: Store;
  readonly #gaze: Gaze;
  readonly #signal: AbortSignal;
  readonly #open = signal(false);
  /** The example that is shown at once; the focus, and with it all other views, follows when that is drawn. */
  readonly #ahead = signal<number | null>(null);
  readonly #settings = signal(USUAL_SETTINGS);
  readonly #tool = signal<Tool>(null);
  /** What was listed when the review began. */
  readonly #listed = signal(new Uint32Array(0));
  readonly #queue = computed(() => {
    const { annotator, blind } = this.desk;
    const base = { listed: this.#listed.value, annotator, blind };
    const settings = this.#settings.value;
    return untracked(() => queueOf(this.#store, this.desk, base, settings));
  });

  /** `isDrawn` says whether the picture of an example is on the screen. */
  constructor(context: AnnotatedContext, isDrawn: (index: number) => boolean) {
    const { desk, store, signal: end } = context;
    this.desk = desk;
    this.#store = store;
    this.#signal = end;
    this.#gaze = createGaze(context, () => this.current, isDrawn);
  }

  get open(): boolean {
    return this.#open.value;
  }

  /** The example that is decided on. */
  get current(): number | null {
    const { focus } = this.#store;
    return this.#ahead.value ?? focus;
  }

  /** Whether the other views show that example as well. */
  get settled(): boolean {
    return this.#ahead.value === null;
  }

  get settings(): Settings {
    return this.#settings.value;
  }

  get queue(): Queue {
    return this.#queue.value;
  }

  get listedCount(): number {
    return this.#listed.value.length;
  }

  /** Which tool is open. */
  get tool(): Tool {
    return this.#tool.value;
  }

  /** Whether the example was seen, so that it can be decided on. */
  get canDecide(): boolean {
    return this.current !== null && this.#gaze.sees(this.current);
  }

  setOpen(open: boolean): void {
    if (open === this.#open.peek() || (!open && this.desk.blind)) return;
    batch(() => {
      if (!open) this.#settle();
      this.#open.value = open;
      this.#tool.value = null;
      if (open) this.#begin();
    });
  }

  /** Choose what is reviewed, and in which order. */
  choose(settings: Partial<Settings>): void {
    this.#settings.value = { ...this.#settings.peek(), ...settings };
    this.look(this.#next(-1) ?? this.queue.order[0]);
  }

  /** Open a tool of the example in focus, or close the one that is open; who has no name is asked for it first. */
  openTool(tool: Tool): void {
    const next = this.desk.annotator !== "" || tool === null ? tool : "annotator";
    this.#tool.value = next === this.#tool.peek() ? null : next;
  }

  /** Record a choice on the example in focus, if it was seen, and go on. */
  give(choice: Choice): void {
    const index = this.current;
    if (index === null || !this.canDecide) return;
    this.record(index, decisionsOf(this.desk, this.#store, index, choice));
  }

  /** Record decisions on an example; those with a verdict go on to the next. */
  record(index: number, decisions: Decisions | null): void {
    if (decisions === null) return;
    if (this.desk.annotator === "") {
      if (this.tool !== "annotator") this.openTool("annotator");
      return;
    }
    const timed = decisions.verdict && this.#gaze.sees(index);
    const latency = timed ? this.#gaze.seconds : undefined;
    batch(() => {
      this.desk.decide([index], decisions, latency);
      if (decisions.verdict && this.open) this.skip();
    });
  }

  /** To the next example without a verdict. */
  skip(): void {
    const next = this.#next(this.#place());
    if (next === null || next === this.current) return;
    this.#tool.value = null;
    this.look(next);
  }

  /** One place on in the queue, or back. */
  step(by: -1 | 1): void {
    this.#tool.value = null;
    this.look(this.queue.order[this.#place() + by]);
  }

  undo(): void {
    this.look(this.desk.undo()[0]);
  }

  redo(): void {
    this.look(this.desk.redo()[0]);
  }

  #begin(): void {
    this.#listed.value = this.#store.listing.slice();
    this.#store.compareWith(null);
    this.look(this.#next(-1) ?? this.queue.order[0]);
  }

  /** Other views take long to draw: they wait until the example itself has been. */
  look(index: number | undefined): void {
    if (index === undefined) return;
    const waits = this.#ahead.peek() !== null;
    this.#ahead.value = index;
    if (!this.#open.peek()) this.#settle();
    else if (!waits) requestAnimationFrame(() => setTimeout(() => this.#settle()));
  }

  #settle(): void {
    const index = this.#ahead.peek();
    if (index === null || this.#signal.aborted) return;
    batch(() => {
      this.#ahead.value = null;
      this.#store.setFocus(index, "step");
    });
  }

  #place(): number {
    return this.queue.places.get(this.current ?? -1) ?? -1;
  }

  #next(place: number): number | null {
    return nextOpen(
      this.queue,
      place,
      (index) => (this.desk.mine(index)?.verdict ?? null) !== null,
    );
  }
}
