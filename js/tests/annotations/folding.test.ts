/**
 * The cases are Python's too: `tests/annotations/test_folding_cases.py` reads the same file.
 */
import { describe, expect, test } from "vitest";
import type { AnnotationEvent } from "../../src/annotations/contract";
import { Ledger } from "../../src/annotations/ledger";
import { readEvents } from "../../src/annotations/reading";
import cases from "./folding.json";

interface Case {
  readonly name: string;
  readonly events: readonly unknown[];
  readonly current: readonly { readonly example: string; readonly annotator: string }[];
  readonly steps: Readonly<Record<string, { readonly done: string[]; readonly undone: string[] }>>;
}

/** What is said by everybody of everything, in one order whatever way it was found. */
function saidIn(ledger: Ledger) {
  const found = [...ledger.examples].flatMap((example) =>
    [...ledger.said(example).values()].map((said) => ({ example, ...said })),
  );
  return found.sort(byPlace);
}

function byPlace(
  a: { example: string; annotator: string },
  b: { example: string; annotator: string },
): number {
  return a.example < b.example || (a.example === b.example && a.annotator < b.annotator) ? -1 : 1;
}

function check(ledger: Ledger, { current, steps }: Case): void {
  expect(saidIn(ledger)).toEqual([...current].sort(byPlace));
  for (const [annotator, { done, undone }] of Object.entries(steps)) {
    expect(ledger.lastDone([annotator]).map(({ id }) => id)).toEqual(done);
    expect(ledger.lastUndone([annotator]).map(({ id }) => id)).toEqual(undone);
  }
}

describe.each(cases as readonly Case[])("$name", (one) => {
  const events: readonly AnnotationEvent[] = readEvents(one.events);

  test("amounts to what Python finds, when all comes at once", () => {
    expect(events).toHaveLength(one.events.length);
    const ledger = new Ledger();
    ledger.add(events);
    check(ledger, one);
  });

  test("amounts to the same, when one comes after the other and is looked at in between", () => {
    const ledger = new Ledger();
    for (const event of [...events].reverse()) {
      ledger.add([event]);
      saidIn(ledger);
    }
    expect(ledger.add(events).size).toBe(0);
    check(ledger, one);
  });
});
