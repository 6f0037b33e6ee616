import { expect, test, vi } from "vitest";
import { fakeSizes } from "../../../fakes";
import { frames, open } from "../../opened";

vi.mock("../../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../../src/scatter")>()),
  createScatter: (await import("../../../fakes")).createFakeScatter,
}));

const LONG = Array.from({ length: 7 }, (_, i) => `features.layer${i}.bottleneck.convolution`);

test("names are the shortest that tell, on two levels where they do not fit side by side", async () => {
  fakeSizes(300, 600);
  const { all, one } = await open({ probes: LONG });
  expect(all(".tick-name").map(({ textContent }) => textContent)).toEqual(
    LONG.map((_, i) => `layer${i}`),
  );
  expect(all(".tick[data-quiet]")).toHaveLength(0);
  expect(one(".ticks").dataset.levels).toBe("2");
  expect(one(".tick").title).toBe(LONG[0]);
});

test("of sixty probes some are named, and always the current one", async () => {
  fakeSizes(500, 600);
  const probes = Array.from({ length: 60 }, (_, i) => `block${i}`);
  const { all } = await open({ probes }, (model) => model.set("_ui_state", { probe: 31 }));
  const seen = all(".tick:not([data-quiet])").map(({ dataset }) => Number(dataset.probe));
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).toContain(31);
});

test("the chart has a bar a probe, and the axis says what the probe under the handle can do", async () => {
  const { all, one } = await open({ depths: [1, 1, 1, 0, 3, 3] });
  expect(all(".settled path")).toHaveLength(3);
  expect(one(".probe-words").textContent).toBe("accuracy 100 %agreement 100 %1 settle here");
  expect(one(".handle").style.transform).toBe(`translateX(${50 / 3}cqw)`);
});

test("the map opens where most settle, and not at the input", async () => {
  const empty = (model: { set(name: string, value: unknown): void }) =>
    model.set("_ui_state", { size: "medium" });
  const probeOf = async (depths: readonly number[]) =>
    (await open({ depths }, empty)).one('[data-depthviz-view="map"]').dataset.depthvizProbe;
  expect(await probeOf([0, 0, 0, 1, 1, 2])).toBe("1");
  expect(await probeOf([0, 0, 0, 1, 2, 2])).toBe("2");
});

test("a name is clicked to go there", async () => {
  const { all, one, click } = await open({ probes: LONG });
  click(all(".tick-name")[4] as HTMLElement);
  for (let i = 0; i < 5; i++) frames.draw(200);
  expect(one('[data-depthviz-view="map"]').dataset.depthvizProbe).toBe("4");
});

test("play from between two probes rests at each whole probe and never goes back", async () => {
  vi.spyOn(performance, "now").mockReturnValue(0);
  const { one, click } = await open({ probes: ["a", "b", "c", "d"] });
  const slider = one('input[data-depthviz-control="probe"]') as HTMLInputElement;
  slider.value = "0.5";
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  frames.draw();
  click(one(".probe-axis .icon"));
  const places: number[] = [];
  for (let i = 0; i < 120; i++) {
    frames.draw(40);
    places.push(Number(one('[data-depthviz-view="map"]').dataset.depthvizProbe));
  }
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeLessThan(0.7);
  expect(places.at(-1)).toBe(3);
  for (const whole of [1, 2]) expect(places.filter((at) => at === whole).length).toBeGreaterThan(5);
  expect(one(".probe-axis .icon").getAttribute("aria-pressed")).toBe("false");
});
