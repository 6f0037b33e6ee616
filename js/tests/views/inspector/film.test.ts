import { expect, test, vi } from "vitest";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const STUDY = {
  labels: [0, 0, 1, 1, 2, 2],
  predictions: [1, 0, 1, 1, 2, 2],
  neighbors: Array.from({ length: 3 }, (_, probe) =>
    Array.from({ length: 6 }, (_, i) => [(i + 1 + probe) % 6, (i + 2 + probe) % 6]),
  ),
};

async function opened(options = {}) {
  const view = await open({ ...STUDY, ...options });
  view.click(view.cell("e0"));
  frames.draw();
  const frame = (probe: number, place: number) =>
    view.one(`.film-frame[data-probe="${probe}"][data-place="${place}"]`);
  return { ...view, frame };
}

test("every probe has its neighbors in order, nearest first", async () => {
  const { all } = await opened();
  const found = [0, 1, 2].map((probe) =>
    all(`.film-frame[data-probe="${probe}"]`).map((frame) => Number(frame.dataset.neighbor)),
  );
  expect(found).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
  ]);
});

test("a neighbor is marked by the class that it votes for, by line and by color", async () => {
  const { frame, one } = await opened();
  expect([frame(0, 0).dataset.role, frame(0, 1).dataset.role]).toEqual(["given", "predicted"]);
  expect(frame(0, 1).getAttribute("aria-label")).toBe(
    "Neighbor 2 at input: e2, label dog, votes for the predicted class",
  );
  expect(frame(2, 1).dataset.role).toBe("other");
  const colors = [frame(0, 0), frame(0, 1)].map((each) =>
    each.style.getPropertyValue("--dv-class"),
  );
  expect(new Set(colors).size).toBe(2);
  const line = one('.curve [data-role="given"]');
  expect(line.style.getPropertyValue("--dv-class")).toBe(colors[0]);
});

test("the votes for each class in question are points beside the rows", async () => {
  const { one, all } = await opened();
  const titles = (role: string) =>
    all(`.curve [data-role="${role}"] circle`).map((dot) => dot.textContent);
  expect(titles("given")).toEqual([
    "input: cat 1 of 2",
    "block: cat 0 of 2",
    "softmax: cat 0 of 2",
  ]);
  expect(titles("predicted")).toEqual([
    "input: dog 1 of 2",
    "block: dog 2 of 2",
    "softmax: dog 1 of 2",
  ]);
  expect(one(".curve").getAttribute("aria-label")).toContain(
    "predicted class dog: input 1, block 2",
  );
});

test("the curve of the label stands only where all neighbors that vote are there", async () => {
  const whole = await opened();
  expect(whole.all('.curve [data-role="given"] circle')).toHaveLength(3);
  const nearest = await opened({ k: 30 });
  expect(nearest.all('.curve [data-role="given"]')).toHaveLength(0);
  expect(nearest.one(".film-legend").textContent).not.toContain("given");
  expect(nearest.one(".film-foot").textContent).toContain("this page carries the 2 nearest of 30");
});

test("a neighbor is a step away, and there is a way back and forward", async () => {
  const { frame, one, click, press, root } = await opened();
  click(frame(1, 1));
  expect(one(".specimen-id").textContent).toBe("e3");
  press(root, ",");
  expect(one(".specimen-id").textContent).toBe("e0");
  click(one('[data-depthviz-control="forward"]'));
  expect(one(".specimen-id").textContent).toBe("e3");
});

test("arrows walk the frames, one stop of Tab for all", async () => {
  const { frame, all, press } = await opened();
  frame(0, 0).focus();
  press(frame(0, 0), "ArrowDown");
  press(frame(1, 0), "ArrowRight");
  expect(document.activeElement).toBe(frame(1, 1));
  press(frame(1, 1), "ArrowRight");
  expect(document.activeElement).toBe(frame(1, 1));
  expect(all(".film-frame[tabindex='0']")).toEqual([frame(1, 1)]);
});

test("the row from which on the prediction is settled is marked, and says so", async () => {
  const { all, click, cell } = await opened({ depths: [1, 3, 0, 0, 0, 0] });
  const decided = () => all(".film-row[data-decided]").map((row) => row.getAttribute("aria-label"));
  expect(decided()).toEqual(["block, vote dog, settled from here on"]);
  click(cell("e1"));
  expect(decided()).toEqual([]);
  expect(all(".film-row[data-undecided]").map((row) => row.getAttribute("aria-label"))).toEqual([
    "softmax, vote cat, never settled",
  ]);
});

test("a missing label votes for nobody", async () => {
  const view = await opened({ labels: [0, 65535, 1, 1, 2, 2] });
  expect(view.frame(0, 0).dataset.role).toBe("unknown");
  expect(view.frame(0, 0).getAttribute("aria-label")).toBe("Neighbor 1 at input: e1, no label");
});

test("neighbors that do not fit are turned to, not scrolled to", async () => {
  const many = Array.from({ length: 3 }, () =>
    Array.from({ length: 60 }, (_, i) =>
      Array.from({ length: 40 }, (_, place) => (i + place + 1) % 60),
    ),
  );
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const { one, all, click, press } = await open({ labels, predictions: labels, neighbors: many });
  const places = () =>
    all('.film-row[data-probe-row="0"] .film-frame:not([hidden])').map((each) =>
      Number(each.dataset.place),
    );
  const columns = places().length;
  expect(columns).toBeLessThan(40);
  click(one('[data-depthviz-control="farther"]'));
  expect(places()[0]).toBe(columns);
  expect(one(".film-pager").textContent).toContain(`${columns + 1} to`);
  const first = one('.film-frame[tabindex="0"]');
  first.focus();
  press(first, "End");
  expect((document.activeElement as HTMLElement).dataset.place).toBe("39");
});

test("the name of a row shows the map of its probe", async () => {
  const { all, click } = await opened();
  click(all(".film-name")[1] as HTMLElement);
  expect(all(".film-row[data-current]").map((row) => row.dataset.probeRow)).toEqual(["1"]);
});

test("the keyboard goes along to the nearest neighbor of the next example", async () => {
  const { frame, press, click } = await opened();
  frame(0, 0).focus();
  press(frame(0, 0), "ArrowRight");
  click(frame(0, 1));
  expect(document.activeElement).toBe(frame(0, 0));
  expect(frame(0, 0).dataset.neighbor).toBe("3");
});

test("where there are fewer neighbors than before, Tab still finds one", async () => {
  const none = 0xffffffff;
  const few = STUDY.neighbors.map((probe) => probe.map((row, i) => (i === 1 ? [none, none] : row)));
  few[2] = (few[2] ?? []).map((row, i) => (i === 1 ? [5, none] : row));
  const { all, frame, click, cell, one } = await opened({ neighbors: few });
  click(cell("e1"));
  expect(all(".film-frame[tabindex='0']")).toEqual([frame(2, 0)]);
  expect(frame(2, 0).dataset.neighbor).toBe("5");
  expect(one('.film-row[data-probe-row="0"]').querySelectorAll("[data-neighbor]")).toHaveLength(0);
});

test("while neighbors are on their way, the keyboard stays in the view", async () => {
  const labels = Array.from({ length: 1030 }, (_, i) => i % 3);
  const near = labels.map(() => [1029, 0]);
  const at = (start: number, end: number) =>
    new Uint8Array(Uint32Array.from([0, 1, 2].flatMap(() => near.slice(start, end).flat())).buffer);
  const late: (() => void)[] = [];
  const view = await open({ labels, neighbors: [near, near, near] }, (model) => {
    const { chunks, manifest } = model.study;
    Object.assign(chunks, { "neighbors/0": at(0, 1024), "neighbors/1": at(1024, 1030) });
    Object.assign(manifest.families, { neighbors: 2 });
    const answer = model.answer.bind(model);
    model.answer = (pull) =>
      pull.name === "neighbors/1" ? void late.push(() => answer(pull)) : answer(pull);
  });
  const frame = () => view.one('.film-frame[data-probe="0"][data-place="0"]');
  frame().focus();
  view.click(frame());
  expect(view.one(".specimen-id").textContent).toBe("e1029");
  expect(view.one(".film").textContent).toContain("Loading the neighbors …");
  expect(view.root.contains(document.activeElement)).toBe(true);
  for (const send of late) send();
  await vi.waitFor(() => {
    frames.draw();
    expect(document.activeElement).toBe(frame());
  });
});

test("without pictures the labels stand in their place", async () => {
  const { frame } = await opened({ images: false });
  expect(frame(0, 1).textContent).toContain("dog");
});

test("neighbors that cannot be had are said so in words", async () => {
  const view = await open(STUDY, (model) => {
    const answer = model.answer.bind(model);
    model.answer = (pull) => {
      model.refusal = pull.name.startsWith("neighbors/") ? "Left out of this page." : "";
      answer(pull);
    };
  });
  view.click(view.cell("e0"));
  await vi.waitFor(() => {
    frames.draw();
    expect(view.one(".film").textContent).toContain("The neighbors were not loaded.");
    const said = view.one('[data-depthviz-view="inspector"] .notice');
    expect([said.hidden, said.textContent]).toEqual([false, "Left out of this page.Retry"]);
  });
});

test("rows and sentence say the shortest names that tell the probes apart, and spoken words all of it", async () => {
  const probes = ["m.bert.encoder.0", "m.bert.encoder.1", "m.bert.pooler"];
  const { all, one } = await opened({ probes });
  expect(all(".film-name").map((name) => name.textContent)).toEqual([
    "encoder.0",
    "encoder.1",
    "pooler",
  ]);
  expect(one(".sentence").textContent).not.toContain("m.bert");
  expect(all(".film-row")[2]?.getAttribute("aria-label")).toContain("m.bert.pooler");
});
