import { expect, test, vi } from "vitest";
import { makeAnnotatedStudy } from "../../annotations/annotated";
import { FakeModel } from "../../fakes";
import type { StudyOptions } from "../../study";
import { frames, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const CLASSES = ["zeppelin", "yurt", "xylophone"];

let opened = 0;

const LABELS = [0, 0, 1, 1, 2, 2];

/** They hold the label, as paths of files often do. */
const IDS = LABELS.map((label, i) => `${CLASSES[label]}/${i}.png`);

/** Each has all others as neighbors, at each of many probes. */
const PROBES = Array.from({ length: 14 }, (_, probe) => `probe ${probe}`);
const NEIGHBORS = PROBES.map(() => IDS.map((_, i) => [1, 2, 3, 4, 5].map((by) => (i + by) % 6)));

async function openBlind(blind = true, more: StudyOptions = {}) {
  const study = makeAnnotatedStudy({
    labels: LABELS,
    classes: CLASSES,
    predictions: [1, 0, 1, 1, 2, 2],
    ids: IDS,
    ...more,
  });
  const model = new FakeModel(study, `blind ${++opened}`);
  model.set("_annotations", { annotator: "ada", blind, data: "d" });
  const view = await show(model);
  const pass = async () => {
    for (let i = 0; i < 4; i++) {
      frames.draw(500);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  const type = async (key: string) => {
    view.press(view.root, key, { code: /\d/.test(key) ? `Digit${key}` : "" });
    await pass();
  };
  await pass();
  return { ...view, type, pass };
}

/** Where names of classes stand in the page, and nobody's in particular. */
const GENERAL = ".verdicts, .class-names, .help";

/** All that can be read in a part of the page: text, and every attribute. */
function readAll(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const part of copy.querySelectorAll(GENERAL)) part.remove();
  const elements = [copy, ...copy.querySelectorAll("*")];
  const attributes = elements.flatMap((one) => [...one.attributes].map(({ value }) => value));
  return [copy.textContent, ...attributes].join("\n");
}

function namesIn(root: HTMLElement): string[] {
  const text = readAll(root);
  return CLASSES.filter((name) => text.includes(name));
}

test("a page that begins blind begins with the review, and nothing in it names a class", async () => {
  const { root, one } = await openBlind();
  expect(root.dataset.reviewing).toBe("blind");
  expect(one(".verdicts").textContent).toContain("zeppelin");
  expect(namesIn(root)).toEqual([]);
});

test("the test would find what leaks", async () => {
  const { root } = await openBlind(false);
  expect(namesIn(root)).toEqual(CLASSES);
});

test("nothing is told of the next example after an answer, nor after one is skipped", async () => {
  const { root, type, one } = await openBlind();
  await type("2");
  expect(one(".review h3").textContent).toBe("1 of 6 reviewed");
  expect(namesIn(root)).toEqual([]);
  await type("Enter");
  await type("ArrowRight");
  expect(namesIn(root)).toEqual([]);
});

test("going back to what was answered shows what is known of it, and on hides it again", async () => {
  const { root, type, one, all } = await openBlind();
  await type("1");
  await type("ArrowLeft");
  expect(one(".bench-words").textContent).toContain("Labeled");
  expect(all('[data-depthviz-view="inspector"]')).toHaveLength(1);
  await type("ArrowRight");
  expect(all('[data-depthviz-view="inspector"]')).toHaveLength(0);
  expect(namesIn(root)).toEqual([]);
});

test("the evidence of a hidden example is not in the page on the way to another", async () => {
  const { root, type, all, press, pass } = await openBlind();
  await type("1");
  press(root, "ArrowLeft");
  expect(all('[data-depthviz-view="inspector"]')).toHaveLength(0);
  await pass();
  expect(all('[data-depthviz-view="inspector"]')).toHaveLength(1);
});

/** Ids that are read anywhere in the page. */
function idsIn(root: HTMLElement): string[] {
  const text = readAll(root);
  return IDS.filter((id) => text.includes(id));
}

const WITH_NEIGHBORS: StudyOptions = { probes: PROBES, neighbors: NEIGHBORS };

test("of the neighbors of what was answered only those are told that were answered too", async () => {
  const { root, type, all } = await openBlind(true, WITH_NEIGHBORS);
  await type("1");
  await type("ArrowLeft");
  const frames = () => all("[data-neighbor]:not([hidden])");
  expect(frames().length).toBeGreaterThanOrEqual(PROBES.length);
  expect(idsIn(root)).toHaveLength(1);
  for (const frame of frames()) {
    expect(namesIn(frame)).toEqual([]);
    expect(frame.dataset.role).toBeUndefined();
    expect(frame.getAttribute("style") ?? "").not.toContain("--dv-class");
  }
  await type("ArrowRight");
  await type("2");
  await type("ArrowLeft");
  expect(idsIn(root)).toHaveLength(2);
  expect(frames().some((frame) => frame.dataset.role !== undefined)).toBe(true);
  await type("b");
  expect(idsIn(root)).toHaveLength(6);
});

test("what was told before one is blind is not in the page, nor what was compared", async () => {
  const { root, type, all, one, click, cell, pass } = await openBlind(false, WITH_NEIGHBORS);
  click(cell(IDS[3] as string));
  await pass();
  await type("a");
  await type("1");
  await type("ArrowLeft");
  click(one('[data-depthviz-control="compare"]'));
  await pass();
  expect(one("[data-depthviz-compare]").hidden).toBe(false);
  expect(idsIn(root).length).toBeGreaterThan(1);
  await type("b");
  expect(all('[data-depthviz-view="inspector"]')).toHaveLength(1);
  expect(one("[data-depthviz-compare]").hidden).toBe(true);
  expect(one('[data-depthviz-control="compare"]').hidden).toBe(true);
  expect(idsIn(root)).toHaveLength(1);
});

test("Escape does not leave blind mode, its key does, and all is back in its place", async () => {
  const { root, type, all } = await openBlind();
  await type("Escape");
  expect(root.dataset.reviewing).toBe("blind");
  await type("b");
  expect(root.dataset.reviewing).toBe("open");
  await type("Escape");
  const children = [...root.children].map(({ className }) => className.split(" ")[0]);
  const { root: other } = await openBlind(false);
  expect(children).toEqual([...other.children].map(({ className }) => className.split(" ")[0]));
  expect(all('[data-depthviz-view="grid"]')).toHaveLength(1);
});

test("the answer is judged by the label, and nobody is told", async () => {
  const { type, all, one } = await openBlind();
  for (const key of ["1", "1", "1", "1", "1", "1"]) await type(key);
  const tally = one(".review-progress").textContent ?? "";
  expect(tally).toContain("6 of 6 reviewed");
  expect(tally).toContain("4 wrong, 2 correct");
  expect(all(".review-row[data-done]:not([hidden])")).toHaveLength(5);
});
