/**
 * Annotations as the page knows them: events as Python keeps them, where they are kept, and the desk at which a person decides.
 *
 * Views know only the desk. A place is a kernel with a store behind it, or the browser's own storage in an offline page.
 */

export const FIELDS = ["verdict", "label", "tag", "note"] as const;

export type Field = (typeof FIELDS)[number];

/** One decision, by the names that Python's log has; never changed once it is made. */
export interface AnnotationEvent {
  /** A UUID of version 7, which sorts by time. */
  readonly id: string;
  /** An instant of ISO 8601 in UTC. */
  readonly time: string;
  readonly annotator: string;
  readonly kind: "human" | "model" | "rule";
  readonly example: string;
  /** A `Field`, or "annotator" where somebody has another name from now on. */
  readonly field: string;
  /** What was decided; null takes an earlier value back, of a tag the one in `previous`. */
  readonly value: string | null;
  readonly previous: string | null;
  /** Fingerprints of the data set, and of the example's own input. */
  readonly data: string;
  readonly input: string;
  readonly context: Readonly<Record<string, unknown>>;
  /** Seconds that the example was looked at. */
  readonly latency: number | null;
  readonly undoes: string | null;
  /** Events of one step share it, and are undone together. */
  readonly batch: string | null;
}

/** Where events are kept for good. */
export interface Place {
  /** Note events that were decided, until it is their turn to be kept; false where they could not be noted. */
  hold?(events: readonly AnnotationEvent[]): Promise<boolean>;
  /**
   * Keep events; resolves once they are, and rejects with the reason where they never can be. Waits where nobody answers, and says why
   * in words, with none when it waits no more.
   */
  keep(events: readonly AnnotationEvent[], tell: (words: string) => void): Promise<void>;
  /** What was kept since a number that an earlier call gave, 0 at first. */
  read(after: number): Promise<Read>;
  /** What an earlier page recorded for this place and was never told to be kept. */
  left?(): Promise<readonly AnnotationEvent[]>;
}

export interface Read {
  readonly events: readonly AnnotationEvent[];
  readonly number: number;
  /** Whether there are more. */
  readonly more: boolean;
}

/** How a study is annotated, as a host says it. */
export interface Settings {
  readonly schema: Schema;
  /** Empty where a person is to be asked. */
  readonly annotator: string;
  readonly blind: boolean;
  /** Fingerprint of the data set. */
  readonly data: string;
  /** Those of other data sets with the same examples. */
  readonly same: readonly string[];
}

/** What a host that annotates has. */
export interface Annotated {
  readonly settings: Settings;
  readonly place: Place;
}

/** A verdict that may be given. */
export interface Verdict {
  /** What is recorded. */
  readonly value: string;
  /** What the button says; the value itself where there is no other. */
  readonly title: string;
  /** One key, as `KeyboardEvent.key` has it in lower case. */
  readonly key: string;
  /** A color of CSS (`#rrggbb`) or none. */
  readonly color: string;
  /** Whether it says that the label is wrong: then the suggested class is recorded with it, and another can be picked. */
  readonly relabels: boolean;
  /** Whether it says that the label is right. */
  readonly confirms: boolean;
}

/** What may be decided, and by which keys: a person's own small file. */
export interface Schema {
  readonly version: number;
  readonly verdicts: readonly Verdict[];
  readonly tags: readonly string[];
}

/** What one annotator says of one example now. */
export interface Said {
  readonly annotator: string;
  readonly kind: string;
  readonly verdict: string | null;
  readonly label: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  readonly seconds: number;
}

/** What was decided anew in one go. */
export interface Change {
  /** Of these examples something else may hold now. */
  readonly examples: readonly number[];
  /** What came after it; null of the newest. */
  readonly next: Change | null;
}

/** Where a person decides; whoever reads it while drawing draws again when it changes. */
export interface Desk {
  readonly schema: Schema;
  /** Whose decisions are recorded; empty until a person has said it, and nothing can be recorded then. */
  readonly annotator: string;
  setAnnotator(name: string): void;
  /** Whether label, prediction, depth and what others say are hidden until the verdict. */
  readonly blind: boolean;
  setBlind(blind: boolean): void;
  /** Whether this example's answers are hidden just now: blind, and no verdict of one's own on it. */
  hides(index: number | null): boolean;
  /** The newest change: whoever kept an earlier one finds all later ones by it. */
  readonly change: Change;
  /** What I say of an example; null where I said nothing. */
  mine(index: number): Said | null;
  /** What others say of it; nothing where it is hidden. */
  others(index: number): readonly Said[];
  /** How many examples bear a verdict of mine. */
  readonly done: number;
  /** How many events no place has acknowledged. */
  readonly unsaved: number;
  /** How many of these would be lost with this page, since the browser has not noted them. */
  readonly unkept: number;
  /** Why they are not kept, in words; empty while all goes well. */
  readonly problem: string;
  /**
   * Decide one field of one example or of many, in one step; gives the name of the step, and null where nothing of it was news.
   * @param latency seconds that it was looked at
   */
  decide(indices: readonly number[], decisions: Decisions, latency?: number): string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Take back a step, or my last one, also of an earlier day; gives the examples that it was about. */
  undo(step?: string): readonly number[];
  redo(): readonly number[];
  /** Read what others have recorded since. */
  refresh(): Promise<void>;
  /** All events that this page knows of, as JSON Lines that `annotations.merge` reads. */
  log(): string;
}

/** New values by field; null takes a value back. Of tags, those to put on and those to take off. */
export interface Decisions {
  readonly verdict?: string | null;
  readonly label?: string | null;
  readonly note?: string | null;
  readonly tags?: Readonly<Record<string, boolean>>;
}
