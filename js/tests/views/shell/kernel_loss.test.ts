import { expect, test, vi } from "vitest";
import { FakeModel, settle } from "../../fakes";
import { makeStudy } from "../../study";
import { frames, open, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const NEIGHBORS = [0, 1, 2].map(() => [0, 1, 2, 3, 4, 5].map((i) => [(i + 1) % 6]));

test("a kernel that goes is said, what was loaded still filters and selects", async () => {
  const { model, root, one, cell, press, click } = await open();
  model.loseKernel();
  expect(root.querySelector(".notice:not([hidden])")?.textContent).toContain("no longer reaches");
  click(one('[data-depthviz-class="0"]'));
  expect(root.dataset.depthvizShown).toBe("2");
  press(cell("e0"), "s");
  expect(root.dataset.depthvizSelected).toBe("1");
  click(one('[data-depthviz-control="dismiss"]'));
  expect(root.querySelector(".notice:not([hidden])")).toBeNull();
});

test("details that do not come are said once in the inspector, and Retry brings them", async () => {
  const model = new FakeModel(makeStudy({ neighbors: NEIGHBORS }), "no neighbors");
  model.answer = (pull) => {
    model.refusal = pull.name === "neighbors/0" ? "The kernel is away." : "";
    FakeModel.prototype.answer.call(model, pull);
    model.refusal = "";
  };
  const { one } = await show(model);
  const inspector = one('[data-depthviz-view="inspector"]');
  expect(inspector.textContent?.split("The kernel is away.")).toHaveLength(2);
  expect(inspector.textContent).toContain("The neighbors were not loaded.");
  model.answer = FakeModel.prototype.answer;
  one('[data-depthviz-view="inspector"] [data-depthviz-control="retry"]').click();
  await settle(frames);
  expect(one('[data-depthviz-view="inspector"] .notice').hidden).toBe(true);
  expect(inspector.querySelectorAll("[data-neighbor]")).toHaveLength(3);
});

test("a text filter too long for the way to Python filters, and words say that it stays here", async () => {
  const { model, root, one } = await open();
  model.setFromPython("_ui_state", { histograms: ["example_id"] });
  await settle(frames);
  const saved: string[] = [];
  model.save_changes = () => void saved.push(JSON.stringify(model.get("_ui_state")));
  const input = one('[data-depthviz-control="contains"]') as HTMLInputElement;
  const write = async (text: string) => {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await settle(frames);
  };
  await write("x".repeat(2 ** 20));
  expect(root.dataset.depthvizShown).toBe("0");
  expect(root.querySelector(".notice:not([hidden])")?.textContent).toContain(
    "The filters take 1.0 MiB",
  );
  await write("e1");
  expect(root.dataset.depthvizShown).toBe("1");
  expect(root.querySelector(".notice:not([hidden])")).toBeNull();
  await vi.waitFor(() => expect(saved.at(-1)).toContain('"e1"'));
  expect(Math.max(...saved.map(({ length }) => length))).toBeLessThan(1000);
});
