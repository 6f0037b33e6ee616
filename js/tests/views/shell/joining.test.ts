import { expect, test, vi } from "vitest";
import type { Host } from "../../../src/hosts/host";
import { createKernelHost } from "../../../src/hosts/kernel/kernel_host";
import widget from "../../../src/index";
import { mount } from "../../../src/mount";
import type { ColumnInfo } from "../../../src/store/manifest";
import { packMask } from "../../../src/store/masks";
import { FakeModel, scatters, settle } from "../../fakes";
import { makeStudy } from "../../study";
import { frames, open, show } from "../opened";

const trouble = vi.hoisted(() => ({ words: "" }));

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));
vi.mock("../../../src/views/inspector/inspector", async (original) => {
  const { createInspector } =
    await original<typeof import("../../../src/views/inspector/inspector")>();
  return {
    createInspector(...given: Parameters<typeof createInspector>) {
      if (trouble.words) throw new Error(trouble.words);
      return createInspector(...given);
    },
  };
});

test("a view that fails half built is ended whole, and Retry leaves one that hears Python", async () => {
  trouble.words = "No room for it.";
  const heard = new Set<unknown>();
  const host: Host = {
    ...createKernelHost(new FakeModel(makeStudy(), "half built")),
    onChange(listener) {
      heard.add(listener);
      return () => heard.delete(listener);
    },
  };
  const el = document.createElement("div");
  const end = mount(el, host);
  await settle(frames);
  expect(el.textContent).toContain("No room for it.");
  expect(scatters.map(({ disposed }) => disposed)).toEqual([true]);
  expect([heard.size, frames.waiting.size]).toEqual([0, 0]);

  trouble.words = "";
  el.querySelector<HTMLElement>('[data-depthviz-control="retry"]')?.click();
  await settle(frames);
  expect(el.querySelector("[data-depthviz-ready=true]")).not.toBeNull();
  expect(heard.size).toBe(1);
  end();
  expect(heard.size).toBe(0);
});

test("views of two evaluations of the module follow the one store", async () => {
  const study = makeStudy();
  const first = await show(new FakeModel(study, "evaluated twice"));
  vi.resetModules();
  const again = (await import("../../../src/index")).default;
  expect(again).not.toBe(widget);
  const el = document.createElement("div");
  const end = again.render({ model: new FakeModel(study, "evaluated twice"), el });
  await settle(frames);
  first.click(first.one('[data-depthviz-class="1"]'));
  await settle(frames);
  const chip = el.querySelector('[data-depthviz-class="1"]');
  expect(chip?.getAttribute("aria-pressed")).toBe("true");
  expect(el.querySelector(".status")?.textContent).toContain("2 of 6 shown");
  end();
});

test("a view shown later tells its own model what was done in the others", async () => {
  const study = makeStudy();
  const first = await show(new FakeModel(study, "one by one"));
  first.click(first.one('[data-depthviz-class="1"]'));
  first.press(first.cell("e3"), "s");
  const late = new FakeModel(study, "one by one");
  const el = document.createElement("div");
  const end = widget.render({ model: late, el });
  await settle(frames);
  await vi.waitFor(() => expect(late.saves).toBe(1));
  expect(late.get("_ui_state")).toMatchObject({ filters: { label: [1] } });
  const bits = late.get("_selection") as DataView;
  expect([...new Uint8Array(bits.buffer)]).toEqual([...packMask(Uint8Array.of(0, 0, 0, 1, 0, 0))]);
  end();
});

test("the first view of a session tells its model nothing that it did not say", async () => {
  const { model } = await open();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(model.saves).toBe(0);
});

test("of a selection and 'selected only' set together, the selection is read first", async () => {
  const { model, root, listed } = await open();
  model.set("_selection", new DataView(Uint8Array.of(6).buffer));
  model.setFromPython("_ui_state", { selected_only: true });
  model.setFromPython("_selection", model.get("_selection"));
  frames.draw();
  expect(root.dataset.depthvizSelected).toBe("2");
  expect(listed().sort()).toEqual(["e1", "e2"]);
});

test("a state that Python sets leaves a selection that is still on its way to it", async () => {
  const { model, root, press, cell } = await open();
  press(cell("e0"), "s");
  model.setFromPython("_ui_state", { probe: 1 });
  expect(root.dataset.depthvizSelected).toBe("1");
});

test("a filter for which there is no room is refused in words, which go with the next that is made", async () => {
  const study = makeStudy();
  const names = Array.from({ length: 32 }, (_, i) => `c${i}`);
  const added = names.map((name) => ({
    ...{ name, kind: "category", dtype: "uint8", title: name, categories: ["no", "yes"] },
  })) as unknown as ColumnInfo[];
  const chunks = { ...study.chunks };
  for (const name of names) chunks[`column/${name}`] = new Uint8Array(6);
  const sizes = Object.entries(chunks).map(([name, { length }]) => [name, length] as const);
  const manifest = {
    ...study.manifest,
    columns: [...study.manifest.columns, ...added],
    chunks: Object.fromEntries(sizes),
  };
  const { model, root, one, click } = await show(new FakeModel({ manifest, chunks }, "full"));
  const said = () => root.querySelector(".notice:not([hidden])")?.textContent ?? "";
  const filters = Object.fromEntries(names.map((name) => [name, [0]]));
  model.setFromPython("_ui_state", { filters });
  click(one('[data-depthviz-class="1"]'));
  expect(said()).toContain("At most 32 columns can filter at once.");
  expect(root.dataset.depthvizShown).toBe("6");
  click(one('[data-depthviz-control="clear-filters"]'));
  click(one('[data-depthviz-class="1"]'));
  expect([said(), root.dataset.depthvizShown]).toEqual(["", "2"]);
});
