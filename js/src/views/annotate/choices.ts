/**
 * What can be decided of an example with one key: the verdicts of the schema, or in blind mode the classes.
 *
 * Whoever does not see the label cannot say whether it is right. So in blind mode a person says what the example is, and the verdict
 * follows. Knows no elements.
 */
import type { Decisions, Desk, Verdict } from "../../annotations/contract";
import { codeOf } from "../../store/lookups";
import type { Store } from "../../store/store";
import { suggestionFor } from "../parts/examples/description";

export interface Choice {
  /** What is recorded as the verdict; null where that depends on the example. */
  readonly verdict: string | null;
  /** The class that is said, by its code. */
  readonly code?: number;
  readonly title: string;
  /** One key, or one key with Shift. */
  readonly key: string;
  readonly shift?: boolean;
}

/** So many classes have a key of one digit each. */
const MOST_CLASSES = 10;

/** Whether what an example is can be said in the place of a verdict. */
export function asksForClass({ schema: { verdicts } }: Desk, { manifest }: Store): boolean {
  const relabels = verdicts.some((verdict) => verdict.relabels);
  return relabels && verdicts.some(({ confirms }) => confirms) && manifest.classes.length > 1;
}

/** What is offered of an example; it tells nothing of one whose answers are hidden. */
export function choicesFor(desk: Desk, store: Store, index: number | null): Choice[] {
  const { verdicts } = desk.schema;
  if (!desk.hides(index)) {
    return verdicts.map((verdict) => ({
      verdict: verdict.value,
      title: verdict.relabels ? relabelTitle(store, verdict, index) : verdict.title,
      key: verdict.key,
    }));
  }
  if (!asksForClass(desk, store)) {
    return verdicts.map(({ value, title, key }) => ({ verdict: value, title, key }));
  }
  const classes = hasClassKeys(store) ? classChoices(store) : [];
  const taken = new Set(classes.map(({ key }) => key));
  const others = verdicts.filter(({ relabels, confirms }) => !relabels && !confirms);
  return [
    ...classes,
    ...others.map(({ value, title, key }) => ({
      ...{ verdict: value, title, key },
      ...(taken.has(key) ? { shift: true } : {}),
    })),
  ];
}

/** Whether each class has a button and a key of its own. */
export function hasClassKeys({ manifest }: Store): boolean {
  return manifest.classes.length <= MOST_CLASSES;
}

function classChoices({ manifest }: Store): Choice[] {
  return manifest.classes.map((title, code) => ({
    ...{ verdict: null, code, title },
    key: String((code + 1) % MOST_CLASSES),
  }));
}

/** "Wrong: horse", where there is a class to put in the place of the label. */
function relabelTitle(store: Store, { title }: Verdict, index: number | null): string {
  const suggestion = index === null ? null : suggestionFor(store, index);
  return suggestion ? `${title.replace(/ label$/i, "")}: ${suggestion.name}` : title;
}

/** What a choice records of an example; a class that was said before goes with the verdict that it came with. */
export function decisionsOf(
  desk: Desk,
  store: Store,
  index: number,
  choice: Choice,
): Decisions | null {
  if (choice.code !== undefined) {
    return relabeling(desk, store, index, store.manifest.classes[choice.code] ?? "");
  }
  const { verdict: value } = choice;
  const verdict = desk.schema.verdicts.find((one) => one.value === value);
  const suggestion = verdict?.relabels && !desk.hides(index) ? suggestionFor(store, index) : null;
  if (suggestion) return { verdict: value, label: suggestion.name };
  return { verdict: value, ...withoutLabel(desk, index) };
}

/** What another class records: that the label is wrong, or right where it is the same; null where nothing can say so. */
export function relabeling(
  desk: Desk,
  store: Store,
  index: number,
  name: string,
): Decisions | null {
  const { verdicts } = desk.schema;
  const given = codeOf(store, "label", index);
  const same = given !== undefined && store.manifest.classes[given] === name;
  const verdict = verdicts.find(({ confirms, relabels }) => (same ? confirms : relabels));
  if (same && verdict) return { verdict: verdict.value, ...withoutLabel(desk, index) };
  if (!verdict) return name === "" ? null : { label: name };
  return { verdict: verdict.value, label: name };
}

function withoutLabel(desk: Desk, index: number): Decisions {
  return desk.mine(index)?.label ? { label: null } : {};
}

/**
 * What a key chooses; on keyboards whose digits need Shift, by the digit all the same. A key that writes nothing chooses nothing, such
 * as an arrow of the number pad.
 */
export function choiceOf(
  choices: readonly Choice[],
  { code, key, shiftKey }: Pick<KeyboardEvent, "code" | "key" | "shiftKey">,
): Choice | undefined {
  const [, digit] = key.length === 1 ? (/^Digit(\d)$/.exec(code) ?? []) : [];
  for (const name of [key.toLowerCase(), digit]) {
    const fits = choices.filter((choice) => choice.key === name);
    const exact = fits.find((choice) => (choice.shift ?? false) === shiftKey);
    if (exact ?? fits[0]) return exact ?? fits[0];
  }
  return undefined;
}
