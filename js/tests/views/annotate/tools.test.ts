import { expect, test, vi } from "vitest";
import { openAnnotated } from "./annotated_view";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("a note is about the example that it was begun on, and goes with it", async () => {
  const { control, go, type, decided } = await openAnnotated();
  await go("e0");
  await type("n");
  const area = control("note-text") as HTMLTextAreaElement;
  area.value = "about the first";
  await go("e1");
  expect(area.closest("[hidden]")).not.toBeNull();
  expect(decided()).toEqual(["e0 note about the first"]);
  document.querySelector<HTMLElement>(".depthviz")?.focus();
  await type("n");
  expect([document.activeElement, area.value]).toEqual([area, ""]);
  area.value = "about the second";
  await type("Enter", { ctrlKey: true });
  expect(decided()).toEqual(["e0 note about the first", "e1 note about the second"]);
});

test("a note is kept also where the keyboard never left it, as when another view goes on", async () => {
  const { control, go, type, root, press, pass, decided } = await openAnnotated();
  await go("e1");
  await go("e0");
  await type("n");
  const area = control("note-text") as HTMLTextAreaElement;
  area.value = "seen twice";
  press(root, ",");
  await pass();
  expect(decided()).toEqual(["e0 note seen twice"]);
});

test.each(["r", "t"])("what %s has opened is not carried over to another example", async (key) => {
  const { control, go, type, decided } = await openAnnotated();
  await go("e0");
  await type(key);
  const field = control(key === "r" ? "class-name" : "tag-name") as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  field.value = "dog";
  await go("e2");
  expect(field.closest("[hidden]")).not.toBeNull();
  expect(decided()).toEqual([]);
});

test("the tags that open with an example are its own, before another frame is drawn", async () => {
  const { control, go, type, root } = await openAnnotated();
  await go("e0");
  await type("t");
  const field = control("tag-name") as HTMLInputElement;
  field.value = "blurred";
  await type("Enter");
  const chosen = () =>
    [...document.querySelectorAll(".tags [aria-pressed=true]")].map((tag) => tag.textContent);
  expect(chosen()).toEqual(["blurred"]);
  await go("e1");
  root.dispatchEvent(new KeyboardEvent("keydown", { key: "t", bubbles: true }));
  expect([document.activeElement, chosen()]).toEqual([field, []]);
});

test("the name that is asked for is nobody's in particular", async () => {
  const { control, go, type } = await openAnnotated({ annotator: "" });
  await go("e0");
  await type("2");
  await go("e1");
  expect(control("annotator-name").closest("[hidden]")).toBeNull();
});
