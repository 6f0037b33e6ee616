import { expect, test, vi } from "vitest";
import { ABSENT } from "../../../../src/scatter";
import { NO_POINTS, withPositions, withStates } from "../../../../src/scatter/drawing/points";
import { shownInside } from "../../../../src/scatter/outline";
import { END, placeByColumns, placeOn, START } from "../../../../src/views/map/columns/places";
import { stepOf } from "../../../../src/views/map/columns/rulers";
import { FakeModel, type FakeScatter, scatters, settle } from "../../../fakes";
import { makeStore, makeStudy } from "../../../study";
import { frames, open, sessions, show, statesDrawn } from "../../opened";

vi.mock("../../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../../src/scatter")>()),
  createScatter: (await import("../../../fakes")).createFakeScatter,
}));

const scatter = () => scatters[0] as FakeScatter;
const placed = () => scatter().calls.setPositions as [Uint16Array, number, number];

function choose(select: HTMLElement, value: string): void {
  (select as HTMLSelectElement).value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  frames.draw();
}

const control = (name: string) => `[data-depthviz-control="${name}"]`;

test("two columns place the points, the second by default one that goes with the first", async () => {
  const { one } = await open();
  expect(one(control("axis-y")).closest("[hidden]")).not.toBeNull();
  choose(one(control("axis-x")), "depth");
  expect((one(control("axis-y")) as HTMLSelectElement).value).toBe("confidence");
  const [positions, probes, count] = placed();
  expect([probes, count, positions.length]).toEqual([1, 6, 12]);
  const up = [0, 2, 3, 4, 5].map((i) => positions[2 * i + 1] as number);
  expect(up).toEqual([...up].sort((a, b) => a - b));
  expect(scatter().calls.resetView).toBeDefined();
});

test("an example without a value has no place, is not drawn, and the head counts it", async () => {
  const { one } = await open();
  choose(one(control("axis-x")), "depth");
  expect(statesDrawn()[1]).toBe(ABSENT);
  expect(statesDrawn().filter((state) => state === ABSENT)).toHaveLength(1);
  expect(one(".of-map .kept").textContent).toBe("1 not placed");
  scatter().events.onHover(1);
  frames.draw();
  expect(one(".of-map .card").hidden).toBe(true);
  expect(statesDrawn()[1]).toBe(ABSENT);
});

test("the map comes back with its trails, and the probe moves points again", async () => {
  const { one } = await open();
  const [map] = placed();
  choose(one(control("axis-x")), "depth");
  expect(one(control("trails")).closest("[hidden]")).not.toBeNull();
  choose(one(control("axis-x")), "");
  expect(placed()[0]).toBe(map);
  expect(placed()[1]).toBe(3);
  expect(one(control("trails")).closest("[hidden]")).toBeNull();
});

test("axes have names and numbers, and the picture says what it is of", async () => {
  const { one, all } = await open();
  choose(one(control("axis-x")), "depth");
  scatter().events.onDrawn?.();
  const words = all(".axis-lines text").map((text) => text.textContent);
  expect(words.slice(-2)).toEqual(["Depth →", "↑ Confidence"]);
  expect(words).toContain("2");
  expect(scatter().canvas.getAttribute("aria-label")).toContain("by Depth and Confidence");
  choose(one(control("axis-x")), "");
  scatter().events.onDrawn?.();
  expect(all(".axis-lines text")).toEqual([]);
});

test("a saved view opens with its columns; an older one, or one of columns that are gone, with the map", async () => {
  const opened = async (axes: unknown) => {
    scatters.length = 0;
    const model = new FakeModel(makeStudy(), `columns ${sessions} ${String(axes)}`);
    model.set("_ui_state", { probe: 0, ...(axes === undefined ? {} : { axes }) });
    await show(model);
    return placed()[1];
  };
  expect(await opened(["confidence", "depth"])).toBe(1);
  for (const axes of [
    undefined,
    null,
    ["depth"],
    ["depth", "gone"],
    ["depth", "label"],
    "x",
    [1, 2],
  ])
    expect(await opened(axes)).toBe(3);
});

test("a study without a map has places by columns", async () => {
  const { one, root } = await open({ map: false });
  const stage = root.querySelector("[data-mapless]");
  expect(stage).not.toBeNull();
  choose(one(control("axis-x")), "depth");
  await settle(frames);
  expect(placed()[1]).toBe(1);
  expect(root.querySelector("[data-mapless]")).toBeNull();
  expect(one("[data-depthviz-canvas]").closest("[hidden]")).toBeNull();
  choose(one(control("axis-x")), "");
  await settle(frames);
  expect(root.querySelector("[data-mapless]")).not.toBeNull();
});

test("a lasso catches what lies there by the columns", () => {
  const confidence = 0.25;
  const store = makeStore({ depths: [0, 0, 1, 1, 2, 2] });
  const { positions, known, rulers } = placeByColumns(store, ["depth", "confidence"]);
  const states = known.map((has) => (has ? 1 : ABSENT));
  const points = withStates(withPositions(NO_POINTS, positions, 1, 6), states);
  const y = placeOn(rulers[1], confidence);
  const upper = [
    { x: 0, y },
    { x: 1, y },
    { x: 1, y: 1 },
    { x: 0, y: 1 },
  ];
  const blend = { from: 0, to: 0, share: 0 };
  expect([...shownInside(points, blend, upper)]).toEqual([3, 4, 5]);
  expect(points.order).not.toContain(1);
  expect(points.order).toHaveLength(5);
});

test("few values are spread a little, always alike, and none reaches its neighbor", () => {
  const labels = new Array<number>(300).fill(0);
  const depths = labels.map((_, i) => i % 3);
  const place = () => placeByColumns(makeStore({ labels, depths }), ["depth", "depth"]);
  const { positions, rulers } = place();
  expect(positions).toEqual(place().positions);
  expect(rulers[0]).toMatchObject({ gap: 1, whole: true });
  const across = labels.map((_, i) => (positions[2 * i] as number) / 65535);
  const step = placeOn(rulers[0], 1) - placeOn(rulers[0], 0);
  across.forEach((x, i) => {
    const off = Math.abs(x - placeOn(rulers[0], i % 3));
    expect(off).toBeLessThanOrEqual(0.3 * step + 1e-4);
  });
  expect(new Set(across).size).toBeGreaterThan(250);
  expect(positions[0]).not.toBe(positions[1]);
});

test("what lies far out stands at the end of the axis, which says so", async () => {
  const labels = new Array<number>(400).fill(0);
  const depths = labels.map((_, i) => (i === 7 ? 1e6 : i / 400));
  const { positions, rulers } = placeByColumns(makeStore({ labels, depths }), ["depth", "depth"]);
  expect(rulers[0].cutsHigh).toBe(true);
  const most = Math.max(...positions) / 65535;
  expect((positions[14] as number) / 65535).toBe(most);
  expect(most).toBeCloseTo(END, 4);
  expect(Math.min(...positions) / 65535).toBeGreaterThanOrEqual(START - 1e-4);
  const { one, all } = await open({ labels, depths });
  choose(one(control("axis-x")), "depth");
  scatter().events.onDrawn?.();
  expect(all(".axis-lines text").some(({ textContent }) => textContent?.startsWith("≥ "))).toBe(
    true,
  );
});

test("one value, and none at all, have an axis too", () => {
  const one = makeStore({ depths: [2, 2, 2, 2, 2, 2] });
  const nan = makeStore({ depths: new Array(6).fill(Number.NaN) });
  expect(placeByColumns(one, ["depth", "depth"]).missing).toBe(0);
  expect(placeByColumns(nan, ["depth", "depth"]).missing).toBe(6);
  const { rulers } = placeByColumns(one, ["depth", "depth"]);
  expect(placeOn(rulers[0], 2)).toBeCloseTo((START + END) / 2);
});

test.each([
  [0.3, false, 0.5],
  [1.2, false, 2],
  [6, false, 10],
  [0.02, false, 0.02],
  [0.3, true, 1],
  [7, true, 10],
])("numbers on an axis are at least %f apart: whole %s gives %f", (least, whole, step) => {
  expect(stepOf(least, whole)).toBe(step);
});

test("the state of a view has its columns, and brings them back", () => {
  const [store, other] = [makeStore(), makeStore()];
  expect(store.uiState().axes).toBeNull();
  store.setAxes(["depth", "confidence"]);
  other.restore(JSON.parse(JSON.stringify(store.uiState())));
  expect(other.axes).toEqual(["depth", "confidence"]);
  store.setAxes(["depth", "label"]);
  expect(store.axes).toEqual(["depth", "confidence"]);
});

test("columns that were chosen together with a filter go back with it", () => {
  const store = makeStore();
  store.setAxes(["depth", "confidence"]);
  store.select([1, 2], "replace");
  store.setAxes(["confidence", "depth"]);
  store.undo.undo();
  expect([store.selection.count, store.axes]).toEqual([0, ["confidence", "depth"]]);
  store.restore({ axes: null, filters: { label: [0] } });
  expect(store.axes).toBeNull();
});

test("a name says on hover what is measured, which end is hard, and where it is from", async () => {
  const study = makeStudy();
  const known = { help: "How hard.", harder: "larger" as const, reference: "Somebody (2026)." };
  const columns = study.manifest.columns.map((info) =>
    info.name === "depth" ? { ...info, ...known } : info,
  );
  const manifest = { ...study.manifest, columns };
  const { one } = await show(new FakeModel({ ...study, manifest }, `help ${sessions}`));
  const help = "Depth\nHow hard.\nlarger is harder\nSomebody (2026).";
  for (const name of ["sort", "color", "axis-x"])
    expect(one(`${control(name)} option[value=depth]`).title).toBe(help);
  choose(one(control("axis-x")), "depth");
  expect(one(control("axis-x")).title.startsWith(help)).toBe(true);
});
