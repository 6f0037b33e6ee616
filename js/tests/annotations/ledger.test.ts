import { expect, test } from "vitest";
import { Ledger } from "../../src/annotations/ledger";
import { eventOf } from "./annotated";

/** What is said of an example, by annotator. */
function verdicts(ledger: Ledger, example = "e0"): Record<string, string | null> {
  return Object.fromEntries(
    [...ledger.said(example).values()].map(({ annotator, verdict }) => [annotator, verdict]),
  );
}

test("nobody undoes what another annotator has said, whatever comes first", () => {
  const said = eventOf({ annotator: "otto" });
  const undoing = eventOf({ annotator: "jana", value: null, undoes: said.id });
  for (const events of [
    [said, undoing],
    [undoing, said],
  ]) {
    const ledger = new Ledger();
    for (const event of events) {
      ledger.add([event]);
      verdicts(ledger);
    }
    expect(verdicts(ledger)).toEqual({ otto: "correct" });
    expect(ledger.lastUndone(["jana"])).toEqual([]);
    expect(ledger.lastDone(["otto"])).toEqual([said]);
  }
});

test("who was renamed undoes what was said under the old name, and the new name itself", () => {
  const said = eventOf({ annotator: "jana" });
  const renaming = eventOf({ annotator: "jana", example: "-", field: "annotator", value: "Jana" });
  const undoing = eventOf({ annotator: "Jana", value: null, undoes: said.id });
  const ledger = new Ledger();
  ledger.add([said, undoing]);
  expect(verdicts(ledger)).toEqual({ jana: "correct" });
  ledger.add([renaming]);
  expect(verdicts(ledger)).toEqual({});
  const back = eventOf({
    annotator: "Jana",
    example: "-",
    field: "annotator",
    undoes: renaming.id,
  });
  ledger.add([back]);
  expect(ledger.nameOf("jana")).toBe("jana");
});

test("what was undone twice, as in two tabs, is done again by one step", () => {
  const said = eventOf({ annotator: "jana" });
  const undoings = ["a", "b"].map((batch) =>
    eventOf({ annotator: "jana", value: null, previous: "correct", undoes: said.id, batch }),
  );
  const ledger = new Ledger();
  ledger.add([said, ...undoings]);
  const targets = ledger.lastUndone(["jana"]);
  expect(targets.map(({ id }) => id)).toEqual(undoings.map(({ id }) => id));
  ledger.add(targets.map(({ id }) => eventOf({ annotator: "jana", undoes: id, batch: "c" })));
  expect(verdicts(ledger)).toEqual({ jana: "correct" });
  expect(ledger.lastUndone(["jana"])).toEqual([]);
});

test("what is about other studies says nothing, and no step of it is taken back", () => {
  const ledger = new Ledger(({ example, data }) => example !== "-" && data === "d1");
  const ours = eventOf({ annotator: "jana" });
  ledger.add([
    ours,
    eventOf({ annotator: "jana", value: "ambiguous", data: "d2" }),
    eventOf({ annotator: "jana", example: "-", field: "annotator", value: "Jana" }),
  ]);
  expect(verdicts(ledger)).toEqual({ Jana: "correct" });
  expect(ledger.lastDone(["jana"])).toEqual([ours]);
  expect(ledger.events).toHaveLength(3);
});

test("a step is found by its name as long as it holds", () => {
  const batch = "a";
  const both = [eventOf({ annotator: "jana", batch }), eventOf({ annotator: "jana", batch })];
  const one = eventOf({ annotator: "jana", example: "e1" });
  const ledger = new Ledger();
  ledger.add([...both, one, eventOf({ annotator: "otto", batch })]);
  expect(ledger.step(["jana"], batch)).toEqual(both);
  expect(ledger.step(["jana"], one.id)).toEqual([one]);
  ledger.add(both.map(({ id }) => eventOf({ annotator: "jana", value: null, undoes: id })));
  expect(ledger.step(["jana"], batch)).toEqual([]);
});
