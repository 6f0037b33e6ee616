import { expect, test, vi } from "vitest";
import { FakeModel, type FakeScatter, scatters, settle } from "../../../fakes";
import { makeStudy, type Study } from "../../../study";
import { frames, open, show } from "../../opened";

vi.mock("../../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../../src/scatter")>()),
  createScatter: (await import("../../../fakes")).createFakeScatter,
}));

type Call = readonly [name: string, ...values: unknown[]];

/** Every 2-D context writes down what is drawn with it. */
function recordDrawing() {
  const calls: Call[] = [];
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(
    () =>
      new Proxy(
        {},
        {
          get: (_, name: string) => {
            if (name === "getImageData") return () => ({ data: [0, 0, 0, 255] });
            return (...values: unknown[]) => calls.push([name, ...values]);
          },
          set: (_, name: string, value) => calls.push([`${name}=`, value]) > 0,
        },
      ) as never,
  );
  return {
    take(...names: string[]) {
      const taken = calls.filter(([name]) => names.includes(name));
      calls.length = 0;
      return taken;
    },
  };
}

const scatter = () => scatters[0] as FakeScatter;

function draw() {
  scatter().events.onDrawn?.();
}

test("the trail of a selected example goes through all probes, and its place is marked", async () => {
  const { one, click } = await open();
  const drawing = recordDrawing();
  scatter().events.onPick(2, "replace");
  click(one('[data-depthviz-control="trails"]'));
  drawing.take();
  draw();
  const drawn = drawing.take("lineTo", "arc");
  const lines = drawn.filter(([name]) => name === "lineTo");
  expect(lines.map(([, x, y]) => [x, y])).toEqual([
    [12, 10],
    [12, 20],
    [12, 30],
  ]);
  expect(drawn.at(-1)?.slice(0, 4)).toEqual(["arc", 12, 10, 4]);
  click(one('[data-depthviz-control="trails"]'));
  drawing.take();
  draw();
  expect(drawing.take("lineTo")).toEqual([]);
});

test("of a large selection two hundred trails are drawn, and it is said", async () => {
  const labels = Array.from({ length: 300 }, (_, i) => i % 3);
  const { one, click } = await open({ labels });
  const drawing = recordDrawing();
  click(one('[data-depthviz-control="trails"]'));
  expect(one(".trail-note").textContent).toBe("Select examples to see their trails.");
  scatter().events.onLasso(Uint32Array.from(labels.keys()), "replace");
  frames.draw();
  drawing.take();
  draw();
  expect(drawing.take("lineTo")).toHaveLength(200 * 3);
  expect(one(".trail-note").textContent).toBe("Trails of 200 of 300 selected examples.");
  expect(one('[data-depthviz-control="trails"]').getAttribute("aria-pressed")).toBe("true");
});

test("pictures take the place of points only where the map is zoomed in and few are in sight", async () => {
  await open();
  const drawing = recordDrawing();
  const inSight = vi.fn((_most: number): Uint32Array | null => Uint32Array.of(1, 4));
  Object.assign(scatter(), { inSight });
  draw();
  expect(inSight).not.toHaveBeenCalled();
  Object.assign(scatter(), { zoom: 3 });
  draw();
  const drawn = drawing.take("fillStyle=", "fillRect", "drawImage", "imageSmoothingEnabled=");
  const pictures = drawn.filter(([name, ...values]) => name === "drawImage" && values.length === 5);
  expect(pictures.map(([, , left, top, across]) => [left, top, across])).toEqual([
    [-5, -6, 32],
    [-2, -6, 32],
  ]);
  expect(drawn).toContainEqual(["imageSmoothingEnabled=", true]);
  const [colors] = scatter().calls.setColors as [Uint8Array];
  const [red, green, blue] = colors.subarray(3, 6);
  expect(drawn).toContainEqual(["fillStyle=", `rgb(${red}, ${green}, ${blue})`]);
  inSight.mockReturnValue(null);
  draw();
  expect(drawing.take("drawImage")).toEqual([]);
});

function trusted(): Study {
  const study = makeStudy();
  const chunks = {
    ...study.chunks,
    "trust/examples": new Uint8Array(Uint32Array.of(0, 2, 5).buffer),
    "trust/trustworthiness": Uint8Array.of(254, 127, 255, 254, 254, 254, 254, 254, 254),
    "trust/continuity": Uint8Array.of(254, 254, 254, 0, 254, 254, 254, 254, 254),
  };
  const { map, ...rest } = study.manifest;
  if (!map) throw new Error("no map");
  return {
    chunks,
    manifest: {
      ...rest,
      map: {
        ...map,
        trustworthiness: [0.941, 0.5, 1],
        continuity: [0.96, 0.5, 1],
        trust_k: 15,
        trust_sample: 3,
      },
      chunks: {
        ...rest.chunks,
        "trust/examples": 12,
        "trust/trustworthiness": 9,
        "trust/continuity": 9,
      },
    },
  };
}

test("a badge says in words how far the map can be trusted, and of what it was measured", async () => {
  const { one } = await show(new FakeModel(trusted(), "badge"));
  const badge = one("[data-depthviz-trust]");
  expect(badge.textContent).toBe("map keeps 46 % of neighbors");
  expect(badge.title).toContain("Map at input: trustworthiness 0.94, continuity 0.96.");
  expect(badge.title).toContain("a sample of 3 examples, neighborhoods of 15");
});

test("places are colored by the lower of the two, at the current probe, and the rest is missing", async () => {
  const { one, click, press, root } = await show(new FakeModel(trusted(), "overlay"));
  const toggle = one('[data-depthviz-control="trust"]');
  click(toggle);
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    frames.draw();
  }
  expect(toggle.getAttribute("aria-pressed")).toBe("true");
  expect(one(".legend-title").textContent).toBe("Trust in the place at input");
  expect(one(".legend").textContent).toContain("missing");
  const shapes = () => [...((scatter().calls.setShapes ?? [])[0] as Uint8Array)];
  expect(shapes()).toEqual([0, 7, 0, 7, 7, 7]);
  press(root, "]");
  for (let i = 0; i < 5; i++) frames.draw(200);
  expect(one(".legend-title").textContent).toBe("Trust in the place at block");
  expect(shapes()).toEqual([0, 7, 0, 7, 7, 0]);
  click(toggle);
  expect(one(".legend-title").textContent).toBe("Label");
  click(toggle);
  const color = one('select[data-depthviz-control="color"]') as HTMLSelectElement;
  color.value = "prediction";
  color.dispatchEvent(new Event("change", { bubbles: true }));
  frames.draw();
  expect(one(".legend-title").textContent).toBe("Prediction");
  expect(toggle.getAttribute("aria-pressed")).toBe("false");
});

test("where trust does not come the button is let go, and another press asks again", async () => {
  const model = new FakeModel(trusted(), "no trust");
  const { one, click } = await show(model);
  model.refusal = "The kernel is busy.";
  const toggle = one('[data-depthviz-control="trust"]');
  click(toggle);
  await settle(frames);
  expect(one(".map-note").textContent).toBe("Trust: The kernel is busy.");
  expect(toggle.getAttribute("aria-pressed")).toBe("false");
  model.refusal = "";
  click(toggle);
  await settle(frames);
  expect(one(".map-note").hidden).toBe(true);
  expect(toggle.getAttribute("aria-pressed")).toBe("true");
  expect(one(".legend-title").textContent).toBe("Trust in the place at input");
});

test("a study from before knows only what its map keeps", async () => {
  const { one, all } = await open();
  expect(one("[data-depthviz-trust]").textContent).toBe("map keeps 46 % of neighbors");
  expect(all('[data-depthviz-control="trust"]')).toHaveLength(0);
});

test("classes are named on the map of the current probe, and not where numbers color it", async () => {
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(40);
  const { one, all } = await open();
  recordDrawing();
  draw();
  const shown = () => all(".names span:not([hidden])").map(({ textContent }) => textContent);
  expect(shown().length).toBeGreaterThan(0);
  const select = one('[data-depthviz-control="color"]') as HTMLSelectElement;
  select.value = "depth";
  select.dispatchEvent(new Event("change"));
  frames.draw();
  draw();
  expect(shown()).toEqual([]);
  expect(one(".legend").textContent).not.toContain("spread out");
});
