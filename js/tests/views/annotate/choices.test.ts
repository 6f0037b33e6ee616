import { expect, test } from "vitest";
import { choiceOf, choicesFor, decisionsOf, relabeling } from "../../../src/views/annotate/choices";
import { namesFor } from "../../../src/views/annotate/tools/class_picker";
import { makeDesk, SCHEMA } from "../../fake_desk";
import { makeStore } from "../../study";

/** The first is labeled cat and predicted dog, the others as they are labeled. */
const store = makeStore({ predictions: [1, 0, 1, 1, 2, 2] });
const titles = (desk = makeDesk(), index = 0) =>
  choicesFor(desk, store, index).map(({ title }) => title);

test("the verdict that relabels names the class that it gives", () => {
  expect(titles()).toEqual(["Wrong: dog", "Correct", "Ambiguous", "Not sure"]);
  expect(titles(makeDesk(), 1)[0]).toBe("Wrong label");
});

test("the class that is suggested is recorded with the verdict, by one key", () => {
  const desk = makeDesk();
  const [wrong, correct] = choicesFor(desk, store, 0);
  if (!wrong || !correct) throw new Error("no choices");
  expect(decisionsOf(desk, store, 0, wrong)).toEqual({ verdict: "wrong label", label: "dog" });
  expect(decisionsOf(desk, store, 0, correct)).toEqual({ verdict: "correct" });
});

test("another verdict takes the class back that was said before", () => {
  const desk = makeDesk();
  desk.decide([0], { verdict: "wrong label", label: "dog" });
  const correct = { verdict: "correct", title: "Correct", key: "2" };
  expect(decisionsOf(desk, store, 0, correct)).toEqual({ verdict: "correct", label: null });
});

test("another class says that the label is wrong, its own class that it is right", () => {
  const desk = makeDesk();
  expect(relabeling(desk, store, 0, "frog")).toEqual({ verdict: "wrong label", label: "frog" });
  expect(relabeling(desk, store, 0, "yak")).toEqual({ verdict: "wrong label", label: "yak" });
  expect(relabeling(desk, store, 0, "cat")).toEqual({ verdict: "correct" });
});

test("who is blind says the class, and learns nothing from what is offered", () => {
  const desk = makeDesk();
  desk.setBlind(true);
  const offered = choicesFor(desk, store, 0);
  expect(offered).toEqual(choicesFor(desk, store, 4));
  expect(offered.map(({ title }) => title)).toEqual([
    ...["cat", "dog", "frog"],
    ...["Ambiguous", "Not sure"],
  ]);
  const [cat, dog] = offered;
  if (!cat || !dog) throw new Error("no choices");
  expect(decisionsOf(desk, store, 0, cat)).toEqual({ verdict: "correct" });
  expect(decisionsOf(desk, store, 0, dog)).toEqual({ verdict: "wrong label", label: "dog" });
});

test("in blind mode a verdict whose digit is a class's is given with Shift", () => {
  const desk = makeDesk();
  desk.setBlind(true);
  const offered = choicesFor(desk, store, 0);
  const press = (key: string, code: string, shiftKey = false) =>
    choiceOf(offered, { key, code, shiftKey })?.title;
  expect(press("3", "Digit3")).toBe("frog");
  expect(press("#", "Digit3", true)).toBe("Ambiguous");
  expect(press("4", "Digit4")).toBe("Not sure");
  expect(press("9", "Digit9")).toBeUndefined();
});

test("a blind person is not offered the prediction by a schema that asks for no class", () => {
  const verdicts = SCHEMA.verdicts.filter(({ value }) => value !== "correct");
  const desk = makeDesk("ada", { ...SCHEMA, verdicts });
  desk.setBlind(true);
  expect(titles(desk)).toEqual(["Wrong label", "Ambiguous", "Not sure"]);
  const wrong = { verdict: "wrong label", title: "Wrong label", key: "1" };
  expect(decisionsOf(desk, store, 0, wrong)).toEqual({ verdict: "wrong label" });
});

test("which verdict says that the label is right, and whether one does, the schema says", () => {
  const named = (value: string) => SCHEMA.verdicts.filter((verdict) => verdict.value === value);
  const [wrong] = named("wrong label");
  const [right] = named("correct");
  if (!wrong || !right) throw new Error("no verdicts");
  const fine = { ...right, value: "fine", title: "Fine" };
  const own = makeDesk("ada", { ...SCHEMA, verdicts: [wrong, fine] });
  own.setBlind(true);
  expect(titles(own)).toEqual(["cat", "dog", "frog"]);
  expect(relabeling(own, store, 0, "cat")).toEqual({ verdict: "fine" });
  const mute = makeDesk("ada", { ...SCHEMA, verdicts: [wrong, { ...right, confirms: false }] });
  mute.setBlind(true);
  expect(titles(mute)).toEqual(["Wrong label", "Correct"]);
});

test("an arrow of the number pad chooses nothing, nor does a key without a letter", () => {
  const offered = choicesFor(makeDesk(), store, 0);
  const press = (key: string, code: string) => choiceOf(offered, { key, code, shiftKey: false });
  expect(press("ArrowLeft", "Numpad4")).toBeUndefined();
  expect(press("End", "Numpad1")).toBeUndefined();
  expect(press("Dead", "Digit2")).toBeUndefined();
});

test("digits are found on keyboards that type them with Shift", () => {
  const offered = choicesFor(makeDesk(), store, 0);
  expect(choiceOf(offered, { key: "&", code: "Digit1", shiftKey: false })?.key).toBe("1");
  expect(choiceOf(offered, { key: "1", code: "Digit1", shiftKey: true })?.key).toBe("1");
  expect(choiceOf(offered, { key: "1", code: "Numpad1", shiftKey: false })?.key).toBe("1");
  expect(choiceOf(offered, { key: "x", code: "KeyX", shiftKey: false })).toBeUndefined();
});

test("names that begin as typed come before those that contain it, and a new one is last", () => {
  const names = (typed: string) => namesFor(["cat", "bobcat", "dog"], typed);
  expect(names("cat")).toEqual([
    { text: "cat", code: 0 },
    { text: "bobcat", code: 1 },
  ]);
  expect(names(" Ca ").at(-1)).toEqual({ text: "Ca" });
  expect(names("CAT").map(({ text }) => text)).toEqual(["cat", "bobcat"]);
  expect(names("")).toHaveLength(3);
  expect(namesFor(["catfish", "cat"], "cat")[0]).toEqual({ text: "cat", code: 1 });
  expect(namesFor(["CAT", "cat"], "cat")[0]).toEqual({ text: "cat", code: 1 });
});
