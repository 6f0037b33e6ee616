/**
 * What was decided and is not kept yet: handed to the place in the order in which it was decided, in pieces that a connection carries.
 */

import { signal } from "../store/reactive";
import type { AnnotationEvent, Place } from "./contract";

const MOST_EVENTS = 500;
/** Characters of one piece; a connection may close at a message of several millions. */
const MOST_TEXT = 400_000;

export class Outbox {
  readonly #waiting: AnnotationEvent[] = [];
  readonly #refused: AnnotationEvent[] = [];
  /** Ids of those that the place has not noted either. */
  readonly #loose = new Set<string>();
  readonly #unsaved = signal(0);
  readonly #unkept = signal(0);
  readonly #problem = signal("");
  #place: Place | null = null;
  #sending = false;
  /** So many of the first go one by one. */
  #alone = 0;
  /** Whether one that was refused is tried again next. */
  #again = false;

  get unsaved(): number {
    return this.#unsaved.value;
  }

  /** How many of them nobody has noted either. */
  get unkept(): number {
    return this.#unkept.value;
  }

  get problem(): string {
    return this.#problem.value;
  }

  /** Send through this place from now on; what an earlier one has not answered, or refused, is sent again. */
  use(place: Place | null): void {
    this.#place = place;
    this.#sending = false;
    this.#hold([...this.#refused, ...this.#waiting]);
    this.retry();
  }

  add(events: readonly AnnotationEvent[]): void {
    for (const event of events) this.#waiting.push(event);
    this.#hold(events);
    this.retry();
  }

  /** Send what was refused once more, one after the other as long as they are kept: a disk that was full may have room now. */
  retry(): void {
    this.#again = true;
    void this.#send();
  }

  #hold(events: readonly AnnotationEvent[]): void {
    const place = this.#place;
    for (const { id } of events) this.#loose.add(id);
    this.#count();
    void place?.hold?.(events).then((noted) => {
      if (noted && place === this.#place) this.#release(events);
    });
  }

  #release(events: readonly AnnotationEvent[]): void {
    for (const { id } of events) this.#loose.delete(id);
    this.#count();
  }

  async #send(): Promise<void> {
    const place = this.#place;
    if (!place || this.#sending) return;
    const [refused] = this.#again ? this.#refused.splice(0, 1) : [];
    this.#again = false;
    if (refused) {
      this.#waiting.unshift(refused);
      this.#alone++;
    }
    if (this.#waiting.length === 0) return;
    this.#sending = true;
    const piece = this.#alone > 0 ? this.#waiting.slice(0, 1) : pieceOf(this.#waiting);
    const isMine = () => this.#place === place;
    const tell = (words: string) => {
      if (isMine()) this.#problem.value = words;
    };
    try {
      await place.keep(piece, tell);
      this.#again ||= refused !== undefined && isMine();
      if (this.#refused.length === 0 && this.#alone <= 1) tell("");
    } catch (reason) {
      if (!isMine()) return;
      if (piece.length > 1) {
        // One of them, at least: each by itself from here on.
        this.#alone = piece.length;
        this.#sending = false;
        return void this.#send();
      }
      this.#refused.push(...piece);
      tell(reason instanceof Error ? reason.message : String(reason));
    }
    if (!isMine()) return;
    this.#waiting.splice(0, piece.length);
    this.#alone = Math.max(0, this.#alone - 1);
    this.#sending = false;
    if (this.#refused.at(-1) === piece[0]) this.#count();
    else this.#release(piece);
    void this.#send();
  }

  #count(): void {
    this.#unsaved.value = this.#waiting.length + this.#refused.length;
    this.#unkept.value = this.#loose.size;
  }
}

/** As many of the first as go at once, at least one. */
function pieceOf(events: readonly AnnotationEvent[]): AnnotationEvent[] {
  let text = 0;
  const end = events.findIndex((event, i) => {
    text += JSON.stringify(event).length;
    return i > 0 && (i >= MOST_EVENTS || text > MOST_TEXT);
  });
  return events.slice(0, end < 0 ? events.length : end);
}
