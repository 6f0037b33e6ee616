import { expect, test, vi } from "vitest";
import { settle } from "../../fakes";
import { closed, frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const HTML = "<img src=x onerror=window.x=1> is a text";
const TEXTS = ["zero Film", HTML, "", ["long", 900], null, "שלום עולם"];
const NEIGHBORS = Array.from({ length: 3 }, () => TEXTS.map((_, i) => [(i + 1) % 6, (i + 2) % 6]));
const STUDY = { texts: TEXTS, images: false, neighbors: NEIGHBORS };

const excerptIn = (cell: HTMLElement) => cell.querySelector(".excerpt");

test("a cell has the label, and the text as text whatever is in it", async () => {
  const { cell, root } = await open(STUDY);
  expect(excerptIn(cell("e0"))?.textContent).toBe("zero Film");
  expect(excerptIn(cell("e1"))?.textContent).toBe(HTML);
  expect(root.querySelector(".grid img")).toBeNull();
  expect(cell("e0").querySelector(".label")?.textContent).toBe("cat");
  expect(cell("e0").textContent).toMatch(/^Example e0, label cat.*, text zero Film/);
});

test("a cell says where a text is empty or not in the page, and lets each run its own way", async () => {
  const { cell } = await open(STUDY);
  expect(excerptIn(cell("e2"))?.textContent).toBe("empty text");
  expect(excerptIn(cell("e4"))?.textContent).toBe("not in this page");
  expect(excerptIn(cell("e4"))?.hasAttribute("data-none")).toBe(true);
  expect(excerptIn(cell("e5"))?.getAttribute("dir")).toBe("auto");
});

test("the inspector has the whole text, and says how much of it there is", async () => {
  const { one, cell, click } = await open(STUDY);
  click(cell("e3"));
  await settle(frames);
  expect(one(".full-text").textContent).toBe("long");
  expect(one(".picture-note").textContent).toBe("The first 4 of 900 characters");
  expect(one(".full-text").getAttribute("aria-label")).toBe("Text");
  click(cell("e4"));
  expect(one(".picture-note").textContent).toBe("This page does not carry its text");
  click(cell("e2"));
  expect(one(".picture-note").textContent).toBe("Its text is empty");
  expect(one(".columns").textContent).not.toContain("Text");
});

test("the film strip has the texts of the neighbors, in sight and in words", async () => {
  const { one, all, cell, click } = await open(STUDY);
  click(cell("e0"));
  await settle(frames);
  const frame = one('.film-frame[data-neighbor="1"]');
  expect(frame.textContent).toBe(HTML);
  expect(frame.getAttribute("aria-label")).toContain(`text: ${HTML}`);
  expect(all(".film-frame .picture")).toEqual([]);
});

test("words in the search box are a filter of the texts", async () => {
  const { root, one, all, press } = await open(STUDY, closed);
  const find = one('[data-depthviz-control="find"]') as HTMLInputElement;
  expect(find.placeholder).toBe("Find id, class or text");
  find.value = "FILM";
  find.dispatchEvent(new Event("input"));
  const offers = all('[role="option"]').map(({ textContent }) => textContent);
  expect(offers).toEqual(["“FILM”keep texts with it", "zero Film"]);
  press(find, "Enter");
  expect(root.dataset.depthvizShown).toBe("1");
  const field = one('[data-depthviz-histogram="text"] input') as HTMLInputElement;
  expect(field.value).toBe("FILM");
});

test("texts order nothing, since most have not come", async () => {
  const { all } = await open(STUDY);
  const sorts = all('[data-depthviz-control="sort"] option').map((option) => option.textContent);
  expect(sorts).not.toContain("Text");
});

test("pictures and texts stand in one cell", async () => {
  const { cell } = await open({ texts: TEXTS });
  expect(cell("e0").querySelector("canvas")).not.toBeNull();
  expect(excerptIn(cell("e0"))?.textContent).toBe("zero Film");
});

const GIVEN = ["👩 saw it twice", 14, 5];

test("what the tokenizer cut off is struck out in cells, example and film, and counted", async () => {
  const { one, cell, click } = await open({ ...STUDY, texts: ["whole", GIVEN, ...TEXTS.slice(2)] });
  const unread = (part: Element | null) => part?.querySelector(".unread")?.textContent;
  expect(unread(excerptIn(cell("e0")))).toBeUndefined();
  expect(excerptIn(cell("e1"))?.textContent).toBe(GIVEN[0]);
  expect(unread(excerptIn(cell("e1")))).toBe(" it twice");
  click(cell("e1"));
  await settle(frames);
  expect(one(".full-text").textContent).toBe(GIVEN[0]);
  expect(unread(one(".full-text"))).toBe(" it twice");
  expect(one(".picture-note").textContent).toBe("14 characters; the network was given the first 5");
  click(cell("e0"));
  await settle(frames);
  expect(unread(one(".full-text"))).toBeUndefined();
  expect(unread(one('.film-frame[data-neighbor="1"]'))).toBe(" it twice");
});
