import { expect, test, vi } from "vitest";
import { frames } from "../opened";
import { openAnnotated } from "./annotated_view";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("a key opens the review, verdicts go from one example to the next, and a key closes it", async () => {
  const { panel, type, reviewed, name, root } = await openAnnotated();
  expect(panel.hidden).toBe(true);
  await type("a");
  expect([panel.hidden, root.dataset.reviewing]).toEqual([false, "open"]);
  expect(reviewed()).toBe("0 of 6 reviewed");
  const seen = new Set([name()]);
  for (const key of ["2", "3", "4", "2", "2"]) {
    await type(key);
    seen.add(name());
  }
  expect(seen.size).toBe(6);
  expect(reviewed()).toBe("5 of 6 reviewed");
  await type("Escape");
  expect(panel.hidden).toBe(true);
  expect(root.hasAttribute("data-reviewing")).toBe(false);
});

test("picture and evidence are lent to the review and come back to their places", async () => {
  const { one, panel, type } = await openAnnotated();
  const inspector = one('[data-depthviz-view="inspector"]');
  const [home, picture] = [inspector.parentElement, one(".specimen-picture")];
  const place = picture.parentElement;
  await type("a");
  expect([panel.contains(inspector), panel.contains(picture)]).toEqual([true, true]);
  await type("a");
  expect(inspector.parentElement).toBe(home);
  expect(picture.parentElement).toBe(place);
  expect(place?.firstElementChild).toBe(picture);
  expect(one('[data-depthviz-slot="verdict"]').querySelector(".verdicts")).not.toBeNull();
});

test("a key that is held, or that comes before the first frame, decides nothing", async () => {
  const { press, root, type, reviewed, pass } = await openAnnotated();
  await type("a");
  await type("2", { repeat: true });
  expect(reviewed()).toBe("0 of 6 reviewed");
  // Nothing is drawn between these two.
  const key = { key: "2", code: "Digit2", bubbles: true, cancelable: true };
  root.dispatchEvent(new KeyboardEvent("keydown", key));
  root.dispatchEvent(new KeyboardEvent("keydown", key));
  await pass();
  expect(reviewed()).toBe("1 of 6 reviewed");
  press(root, "2", { code: "Digit2" });
  await pass();
  expect(reviewed()).toBe("2 of 6 reviewed");
});

test("undo goes back to the example that it is about, redo decides again", async () => {
  const { type, reviewed, name } = await openAnnotated();
  await type("a");
  const first = name();
  await type("3");
  expect(name()).not.toBe(first);
  await type("z", { ctrlKey: true });
  expect([name(), reviewed()]).toEqual([first, "0 of 6 reviewed"]);
  await type("Z", { ctrlKey: true, shiftKey: true });
  expect(reviewed()).toBe("1 of 6 reviewed");
});

test("another class is picked by its name, or is a new one", async () => {
  const predictions = [1, 1, 2, 2, 0, 0]; // so that each has a suggestion
  const { control, one, type, reviewed, all } = await openAnnotated({ predictions });
  await type("a");
  await type("r");
  const field = control("class-name") as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  field.value = "yak";
  field.dispatchEvent(new Event("input"));
  expect(all(".bench [role=option]").at(-1)?.textContent).toContain("a new class");
  await type("Enter");
  expect(reviewed()).toBe("1 of 6 reviewed");
  await type("ArrowLeft");
  expect(one(".said").textContent).toContain("yak");
  const wrong = () => one('.bench [data-depthviz-verdict="wrong label"]');
  expect(wrong().textContent).not.toContain("yak");
  expect(wrong().getAttribute("aria-pressed")).toBe("false");
  await type("1");
  await type("ArrowLeft");
  expect(wrong().getAttribute("aria-pressed")).toBe("true");
});

test("a note takes every letter, and is kept when the keyboard leaves it", async () => {
  const { control, one, type, reviewed, root, name } = await openAnnotated();
  await type("a");
  const first = name();
  await type("n");
  const area = control("note-text") as HTMLTextAreaElement;
  for (const key of ["1", "b", "d", "x"]) {
    expect((await type(key)).defaultPrevented).toBe(false);
    await type(key, { isComposing: true });
  }
  expect([reviewed(), name()]).toEqual(["0 of 6 reviewed", first]);
  area.value = "one\ntwo ";
  await type("Enter", { ctrlKey: true });
  expect(root.contains(document.activeElement)).toBe(true);
  expect(one(".said").textContent).toContain("one\ntwo");
});

test("tags are put on and taken off, and stay on the same example", async () => {
  const { control, one, all, click, type, name } = await openAnnotated();
  await type("a");
  const first = name();
  await type("t");
  const field = control("tag-name") as HTMLInputElement;
  field.value = "dark";
  await type("Enter");
  expect([name(), one(".said").textContent]).toEqual([first, "Tags: dark"]);
  const tag = all(".bench .tag").find(({ textContent }) => textContent === "dark");
  if (!tag) throw new Error("no tag");
  expect(tag.getAttribute("aria-pressed")).toBe("true");
  click(tag);
  expect(one(".said").hidden).toBe(true);
});

test("a tag that turns text around leaves those beside it as they are", async () => {
  const { control, one, all, type } = await openAnnotated();
  await type("a");
  await type("t");
  const field = control("tag-name") as HTMLInputElement;
  for (const tag of ["\u202etag", "dark"]) {
    field.value = tag;
    await type("Enter");
  }
  expect(one(".said").textContent).toBe("Tags: \u202etag, dark");
  const apart = all(".said bdi").map(({ textContent }) => textContent);
  expect(apart).toEqual(["\u202etag", "dark"]);
});

test("who has no name is asked once, and it is kept", async () => {
  const { control, type, reviewed } = await openAnnotated({ annotator: "" });
  await type("a");
  await type("2");
  const field = control("annotator-name") as HTMLInputElement;
  expect([reviewed(), document.activeElement]).toEqual(["0 of 6 reviewed", field]);
  field.value = " ada ";
  await type("Enter");
  expect(control("annotator").textContent).toBe("ada");
  expect(localStorage.getItem("depthviz/annotator")).toBe("ada");
  await type("2");
  expect(reviewed()).toBe("1 of 6 reviewed");
});

test("verdicts are given in the panel of an example too, which stays", async () => {
  const { click, cell, one, type, panel, pass } = await openAnnotated();
  click(cell("e2"));
  await pass();
  await type("3");
  expect(panel.hidden).toBe(true);
  const pressed = one('[data-depthviz-verdict="ambiguous"]').getAttribute("aria-pressed");
  expect(pressed).toBe("true");
  expect(cell("e2").dataset.depthvizAnnotated).toBe("ambiguous");
});

test("a whole selection bears a verdict in one step", async () => {
  const { click, cell, control, all, type } = await openAnnotated();
  for (const id of ["e0", "e3", "e4"]) click(cell(id), { ctrlKey: true });
  await type("v");
  const item = all("[data-depthviz-verdict-selected]")[2];
  if (!item) throw new Error("no verdict");
  item.focus();
  await type("3");
  const marked = () => all("[data-depthviz-annotated]").map(({ dataset }) => dataset.exampleId);
  expect(marked().sort()).toEqual(["e0", "e3", "e4"]);
  click(control("undo-selection"));
  expect(marked()).toEqual([]);
});

test("a selection that said so already has nothing to take back, and leaves what others are", async () => {
  const { go, click, control, all, type, decided } = await openAnnotated();
  const say = async (id: string, key: string) => {
    await go(id);
    await type(key);
  };
  await say("e0", "3");
  await say("e1", "2");
  await go("e0");
  const give = async (value: string) => {
    await type("v");
    all(`[data-depthviz-verdict-selected="${value}"]`)[0]?.click();
    await type("Shift");
  };
  await give("ambiguous");
  expect(control("undo-selection").hidden).toBe(true);
  expect(decided()).toHaveLength(2);
  await give("not sure");
  expect(control("undo-selection").hidden).toBe(false);
  click(control("undo-selection"));
  await type("Shift");
  expect(decided().slice(2)).toEqual(["e0 verdict not sure", "e0 verdict ambiguous"]);
});

test("the queue is what was listed, or what is chosen, in random order or by a column", async () => {
  const { control, reviewed, type, one, all, panel } = await openAnnotated();
  one('[data-depthviz-filter="label"] [data-depthviz-code="1"]').click();
  frames.draw();
  await type("a");
  expect(reviewed()).toBe("0 of 2 reviewed");
  const from = control("queue") as HTMLSelectElement;
  expect(from.selectedOptions[0]?.textContent).toBe("Label: dog");
  from.value = "all";
  from.dispatchEvent(new Event("change"));
  frames.draw();
  expect(reviewed()).toBe("0 of 6 reviewed");
  const by = control("queue-order") as HTMLSelectElement;
  by.value = "depth";
  by.dispatchEvent(new Event("change"));
  await type("ArrowRight");
  expect(all(".review-row:not([hidden])")).toHaveLength(6);
  expect(panel.querySelector("[aria-current] .row-name")?.textContent).toBe("dog");
});

test("what takes long to be kept is told, and why", async () => {
  const { panel } = await openAnnotated();
  expect(panel.dataset.depthvizUnsaved).toBe("0");
});

test("the keys are listed where annotations are on", async () => {
  const { one, control, click } = await openAnnotated();
  click(control("help"));
  expect(one('.key-lists [aria-label="Annotating"]').textContent).toContain("blind");
});
