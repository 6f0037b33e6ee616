/**
 * The tally of a review: how many of a queue bear which verdict of mine, and how long they took.
 *
 * Counted once a queue; from then on only what has changed is counted anew, so that a key costs the same in a queue of any length.
 */
import type { Change, Desk } from "../../../annotations/contract";
import { EMPTY_QUEUE, type Queue } from "./queue";

/** Seconds that an example counts as at most: a pause for coffee is one minute. */
const LONGEST = 60;

interface Counted {
  /** Of the verdict in the schema. */
  readonly place: number;
  /** 0 where nobody knows. */
  readonly seconds: number;
}

export class Tally {
  /** Of each verdict of the schema, how many bear it; the last counts those that the schema lacks. */
  readonly counts: number[];
  readonly #desk: Desk;
  readonly #places: ReadonlyMap<string, number>;
  readonly #counted = new Map<number, Counted>();
  #queue: Queue = EMPTY_QUEUE;
  #change: Change;
  #seconds = 0;
  #timed = 0;

  constructor(desk: Desk) {
    const { verdicts } = desk.schema;
    this.#desk = desk;
    this.#change = desk.change;
    this.#places = new Map(verdicts.map(({ value }, place) => [value, place]));
    this.counts = Array.from({ length: verdicts.length + 1 }, () => 0);
  }

  /** How many bear a verdict. */
  get done(): number {
    return this.#counted.size;
  }

  /** Seconds that an example takes, by those that were reviewed; 0 before there is anything to go by. */
  get secondsEach(): number {
    return this.#timed > 0 ? this.#seconds / this.#timed : 0;
  }

  /** Follow the desk, for this queue. */
  follow(queue: Queue): void {
    // Read in any case: whoever draws by the tally draws again with the next change.
    const newest = this.#desk.change;
    if (queue !== this.#queue) this.#begin(queue);
    else {
      for (let { next } = this.#change; next; next = next.next)
        for (const index of next.examples) this.#count(index);
    }
    this.#change = newest;
  }

  #begin(queue: Queue): void {
    this.#queue = queue;
    this.#counted.clear();
    this.counts.fill(0);
    this.#seconds = this.#timed = 0;
    for (const index of queue.order) this.#count(index);
  }

  #count(index: number): void {
    const before = this.#counted.get(index);
    if (before) this.#add(before, -1);
    this.#counted.delete(index);
    const said = this.#queue.places.has(index) ? this.#desk.mine(index) : null;
    if (!said?.verdict) return;
    const place = this.#places.get(said.verdict) ?? this.#places.size;
    const now = { place, seconds: Math.min(LONGEST, said.seconds) };
    this.#counted.set(index, now);
    this.#add(now, 1);
  }

  #add({ place, seconds }: Counted, by: 1 | -1): void {
    this.counts[place] = (this.counts[place] ?? 0) + by;
    if (seconds <= 0) return;
    this.#timed += by;
    this.#seconds += by * seconds;
  }
}
