import { expect, test, vi } from "vitest";
import { makeEnsemble } from "../../ensemble_study";
import { FakeModel } from "../../fakes";
import { makeStudy } from "../../study";
import { frames, open, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

test("of one network depth stands against confidence, and the reason is said", async () => {
  const { one, root, all } = await open();
  const plane = one("[data-depthviz-lone-plane]");
  expect(plane.textContent).toContain("One network gives one depth per example");
  expect(plane.textContent).toContain("dv.Ensemble");
  const field = one(".density");
  vi.spyOn(field, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 200, 200));
  HTMLElement.prototype.setPointerCapture = () => {};
  for (const [type, x, y] of [
    ["pointerdown", 0, 200],
    ["pointermove", 130, 90],
    ["pointerup", 130, 90],
  ] as const) {
    const place = { clientX: x, clientY: y, button: 0, buttons: 1 };
    field.dispatchEvent(new PointerEvent(type, { bubbles: true, ...place }));
  }
  frames.draw();
  expect(root.dataset.depthvizShown).toBe("2");
  expect(all("[role=slider].boundary")).toHaveLength(0);
});

test("two depths without groups stand against each other", async () => {
  const study = makeEnsemble();
  const manifest = { ...study.manifest, plane: null };
  const { one } = await show(new FakeModel({ ...study, manifest }, "no groups"));
  expect(one("[data-depthviz-lone-plane]").textContent).toContain("without groups");
});

test("without a confidence there is no plane, and nothing breaks", async () => {
  const study = makeStudy();
  const columns = study.manifest.columns.filter(({ name }) => name !== "confidence");
  const manifest = { ...study.manifest, columns };
  const { all, root } = await show(new FakeModel({ ...study, manifest }, "no confidence"));
  expect(all("[data-depthviz-lone-plane]")).toHaveLength(0);
  expect(root.dataset.depthvizReady).toBe("true");
});
