/**
 * Events of one step: what a person decided about examples, as far as it is news, and what takes such a step back.
 */
import type { AnnotationEvent, Decisions, Said } from "./contract";
import type { Entry } from "./folding";
import { newIdentifier } from "./identifiers";
import { timeOf } from "./instants";

/** What all events of a step share. */
export interface Author {
  readonly annotator: string;
  readonly data: string;
  /** The newest event of the same annotator, which the step comes after. */
  readonly newest: Entry | undefined;
}

type Change = Pick<AnnotationEvent, "example" | "field" | "value" | "previous"> &
  Partial<AnnotationEvent>;

/** Makes the events of one step, in order: later than all before, also where the clock went back. */
export function createStep(author: Author, batch: string | null) {
  let instant = Math.max(Date.now() * 1000, (author.newest?.instant ?? 0) + 1);
  return (change: Change): AnnotationEvent => ({
    id: newIdentifier(instant / 1000),
    time: timeOf(instant++),
    annotator: author.annotator,
    kind: "human",
    data: author.data,
    input: "",
    context: {},
    latency: null,
    undoes: null,
    batch,
    ...change,
  });
}

/** What of the decisions is news beside what was said so far; the first event has the seconds that it took. */
export function changesOf(
  example: string,
  said: Said | null,
  { verdict, label, note, tags = {} }: Decisions,
  seconds: number | null,
): Change[] {
  const changes: Change[] = [];
  const decide = (field: "verdict" | "label" | "note", value: string | null | undefined) => {
    const previous = said?.[field] ?? null;
    if (value !== undefined && value !== previous)
      changes.push({ example, field, value, previous });
  };
  decide("verdict", verdict);
  decide("label", label);
  decide("note", note);
  for (const [tag, on] of Object.entries(tags)) {
    if ((said?.tags.includes(tag) ?? false) === on) continue;
    const [value, previous] = on ? [tag, null] : [null, tag];
    changes.push({ example, field: "tag", value, previous });
  }
  return changes.map((change, i) => (i === 0 ? { ...change, latency: seconds } : change));
}

/** What takes an event back, or an undoing. */
export function undoingOf({ example, field, value, previous, data, input, id }: AnnotationEvent) {
  return { example, field, data, input, value: previous, previous: value, undoes: id };
}
