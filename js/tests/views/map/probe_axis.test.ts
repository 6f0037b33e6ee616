import { expect, test, vi } from "vitest";
import { fakeSizes } from "../../fakes";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const LONG = Array.from({ length: 7 }, (_, i) => `features.layer${i}.bottleneck.convolution`);

test("names stay on the axis, and only those that fit are seen", async () => {
  fakeSizes(300, 600);
  const { all, press, root } = await open({ probes: LONG });
  press(root, "]");
  for (let i = 0; i < 5; i++) frames.draw(200);
  const seen = all(".tick:not([data-quiet])");
  expect(seen.map((tick) => tick.dataset.probe)).toEqual(["1"]);
  const middle = 300 / 6 + Number.parseFloat(seen[0]?.style.getPropertyValue("--dv-shift") ?? "");
  expect(middle).toBe(100);
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
