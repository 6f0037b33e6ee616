import { describe, expect, test, vi } from "vitest";
import { FakeModel, fakeSizes, scatters, settle } from "../../fakes";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

describe("when things go wrong", () => {
  test("a refused column is said in place, and retry opens the study", async () => {
    const { el, model } = await open({}, (fake) => {
      fake.refusal = "the study was closed";
    });
    expect(el.textContent).toContain("the study was closed");
    model.refusal = "";
    el.querySelector<HTMLElement>('[data-depthviz-control="retry"]')?.click();
    await settle(frames);
    expect(el.querySelectorAll("[data-example-id]")).toHaveLength(6);
  });

  test("a lost kernel leaves what has arrived, says so, and retry brings the rest", async () => {
    const { one, model, root } = await open({}, (fake) => {
      const answer = fake.answer.bind(fake);
      fake.answer = (pull) => {
        if (pull.name === "votes") fake.refusal = "gone";
        answer(pull);
        fake.refusal = "";
      };
    });
    expect(one("[role=alert]").textContent).toContain("gone");
    expect(root.dataset.depthvizReady).toBe("true");
    model.answer = FakeModel.prototype.answer;
    one('[role=alert] [data-depthviz-control="retry"]').click();
    await settle(frames);
    expect(one("[role=alert]").hidden).toBe(true);
    expect(one(".probes").querySelectorAll("tbody tr").length).toBe(4);
  });

  test("a study of a newer format is refused with the reason", async () => {
    const { el } = await open({}, (model) => {
      model.set("_manifest", { ...model.study.manifest, format: 9 });
    });
    expect(el.textContent).toContain("format 9");
  });

  test("markup in names, labels and titles stays text", async () => {
    const hostile = "<img src=x onerror=alert(1)></script><b>x</b>";
    const { root, one } = await open({
      classes: [hostile, "dog", "frog"],
      ids: [hostile, "b", "c", "d", "e", "f"],
      title: hostile,
      probes: ["input", hostile, "softmax"],
    });
    expect(root.querySelectorAll("img, script, b")).toHaveLength(0);
    expect(one("h2").textContent).toBe(hostile);
    expect(one('[data-depthviz-class="0"] .name').textContent).toBe(hostile);
  });

  test("a study without map, pictures and votes still lists and filters", async () => {
    const { root, all, one, click } = await open({ map: false, images: false });
    // There is a place for points by columns, but none in it.
    expect(scatters[0]?.calls.setPositions).toBeUndefined();
    expect(one("[data-depthviz-canvas]").closest("[hidden]")).not.toBeNull();
    expect(one('[data-depthviz-view="map"]').textContent).toContain("no map");
    expect(all("[role=gridcell] .id").map((id) => id.textContent)).toContain("e0");
    click(one('[data-depthviz-class="0"]'));
    expect(root.dataset.depthvizShown).toBe("2");
    expect(root.dataset.depthvizReady).toBe("true");
  });

  test("a study without a map has no tools for one", async () => {
    const { one } = await open({ map: false });
    for (const part of ['[data-depthviz-control="lasso"]', ".legend"]) {
      expect(one(part).closest("[hidden]")).not.toBeNull();
    }
  });

  test("a view of no size draws nothing and does not fail", async () => {
    fakeSizes(0, 0);
    const { root } = await open();
    expect(root.dataset.depthvizShown).toBe("6");
  });
});

describe("pictures", () => {
  test("a tile is fetched once, when one of its examples is to be seen", async () => {
    const { model, all } = await open();
    const pulls = model.sent.filter(({ name }) => name.startsWith("tile/"));
    expect(pulls.map(({ name }) => name)).toEqual(["tile/0"]);
    expect(all("[role=gridcell] canvas[data-empty]")).toHaveLength(0);
  });

  test("a tile that fails is said, asked for no more, and comes with retry", async () => {
    let refused = 0;
    const { all, one, model } = await open({}, (fake) => {
      fake.answer = (pull) => {
        fake.refusal = pull.name === "tile/0" ? "no kernel" : "";
        if (fake.refusal) refused++;
        FakeModel.prototype.answer.call(fake, pull);
      };
    });
    expect(one("[role=alert]").textContent).toContain("Pictures: no kernel");
    expect(all("[role=gridcell] canvas[data-empty]")).toHaveLength(6);
    expect(refused).toBe(1);
    model.refusal = "";
    model.answer = FakeModel.prototype.answer;
    one('[role=alert] [data-depthviz-control="retry"]').click();
    await settle(frames);
    expect(all("[role=gridcell] canvas[data-empty]")).toHaveLength(0);
  });
});

describe("at scale", () => {
  test("100,000 examples make no more cells than fit", async () => {
    const labels = Array.from({ length: 100_000 }, (_, i) => i % 3);
    const { all, root } = await open({ labels, map: false });
    expect(root.dataset.depthvizShown).toBe("100000");
    expect(all("[role=gridcell]").length).toBeLessThan(200);
    expect(all("*").length).toBeLessThan(2500);
  });

  test("1,000 classes get a list with a search", async () => {
    const classes = Array.from({ length: 1000 }, (_, i) => `class ${i}`);
    const { all, one } = await open({ classes });
    const search = one("input[type=search]") as HTMLInputElement;
    search.value = "class 99";
    search.dispatchEvent(new Event("input", { bubbles: true }));
    const found = all("[data-depthviz-class]").map((chip) => chip.dataset.depthvizClass);
    expect(found).toEqual([
      "99",
      "990",
      "991",
      "992",
      "993",
      "994",
      "995",
      "996",
      "997",
      "998",
      "999",
    ]);
  });
});
