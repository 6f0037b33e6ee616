import { expect, test, vi } from "vitest";
import { FakeModel, settle } from "../../fakes";
import { makeStudy, numberBytes, type Study, type StudyOptions } from "../../study";
import { frames, open, show } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

const RECORD = [
  ["iteration_learned", "Iteration learned", "larger", [120, Number.NaN, 3, 4, 5, 6]],
  ["aum", "Area under the margin", "smaller", [-1.5, 2, 3, 4, 5, 6]],
] as const;

async function withRecord(options: StudyOptions = {}) {
  return open(options, ({ study }) => {
    for (const [name, title, harder, values] of RECORD) {
      const info = { name, title, harder, kind: "number", dtype: "float32" } as const;
      (study.manifest.columns as unknown[]).push(info);
      Object.assign(study.chunks, { [`column/${name}`]: numberBytes(values) });
      Object.assign(study.manifest.chunks, { [`column/${name}`]: 24 });
    }
  });
}

test("the training record says which direction is harder, and what is missing", async () => {
  const { one, click, cell } = await withRecord();
  click(cell("e0"));
  expect(one(".record").textContent).toBe(
    "Iteration learned120larger is harderArea under the margin-1.5smaller is harder".replace(
      "-1.5",
      "−1.5",
    ),
  );
  expect(one(".columns").textContent).not.toContain("Iteration learned");
  click(cell("e1"));
  expect(one(".record").textContent).toContain("Iteration learned–larger is harder");
});

test("a study without a training record says nothing of one", async () => {
  const { root, click, cell } = await open();
  click(cell("e0"));
  expect(root.querySelector(".record")).toBeNull();
  expect(root.textContent).not.toContain("Training record");
});

test("Alt and an arrow go back and forward", async () => {
  const { one, click, cell, press, root } = await open();
  click(cell("e2"));
  click(cell("e4"));
  expect(press(root, "ArrowLeft", { altKey: true }).defaultPrevented).toBe(true);
  expect(one(".specimen-id").textContent).toBe("e2");
  press(root, "ArrowRight", { altKey: true });
  expect(one(".specimen-id").textContent).toBe("e4");
});

test("where the clipboard is closed, the id is marked for a copy by hand", async () => {
  vi.stubGlobal("navigator", { ...navigator, clipboard: undefined });
  const { one, click, cell } = await open({ ids: ["<b>1</b>", "b", "c", "d", "e", "f"] });
  click(cell("b"));
  click(one('[data-depthviz-control="copy-id"]'));
  await settle(frames);
  expect(getSelection()?.toString()).toBe("b");
  expect(one('[data-depthviz-control="copy-id"]').textContent).toContain("copy it");
});

test("the picture of the example in focus is drawn once its tile has come", async () => {
  const { one } = await open();
  expect(one(".specimen-picture canvas").hasAttribute("data-empty")).toBe(false);
});

test("a picture that cannot be read leaves the thumbnail of its own example, and it is said", async () => {
  const study = makeStudy();
  const details = { ...study.manifest.details, original: { size: [16, 16], source: [16, 16] } };
  const manifest = {
    ...study.manifest,
    details,
    families: { ...study.manifest.families, original: 6 },
  } as unknown as Study["manifest"];
  const originals = { "original/0": Uint8Array.of(1), "original/2": Uint8Array.of(2) };
  const model = new FakeModel({ manifest, chunks: { ...study.chunks, ...originals } }, "broken");
  const { one, click, cell } = await show(model);
  const note = () => one(".picture-note").textContent;
  const drawn = vi.fn();
  const context = { drawImage: drawn, clearRect: vi.fn() } as unknown as CanvasRenderingContext2D;
  const canvas = one(".specimen-picture canvas") as HTMLCanvasElement;
  vi.spyOn(canvas, "getContext").mockReturnValue(context as never);
  const bitmap = { width: 16, height: 16, close() {} };
  vi.stubGlobal("createImageBitmap", async () => bitmap);
  click(cell("e0"));
  await settle(frames);
  expect([canvas.width, note()]).toEqual([16, "16 × 16 px, lossless"]);
  vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("no picture")));
  drawn.mockClear();
  click(cell("e2"));
  await settle(frames);
  expect(one(".specimen-id").textContent).toBe("e2");
  expect([canvas.width, drawn.mock.calls.length > 0]).toEqual([8, true]);
  expect(note()).toContain("the picture was not loaded");
});

test("what could not be had is asked for again with the next example", async () => {
  const near = [0, 1, 2].map(() => [0, 1, 2, 3, 4, 5].map((i) => [(i + 1) % 6]));
  let refused = 0;
  const { one, click, cell } = await open({ neighbors: near }, (model) => {
    const answer = model.answer.bind(model);
    model.answer = (pull) => {
      const refuses = pull.name.startsWith("neighbors/") && refused++ === 0;
      model.refusal = refuses ? "The kernel is busy." : "";
      answer(pull);
    };
  });
  await vi.waitFor(() => {
    frames.draw();
    expect(one('[data-depthviz-view="inspector"] .notice').textContent).toContain(
      "The kernel is busy.",
    );
  });
  click(cell("e2"));
  await vi.waitFor(() => {
    frames.draw();
    expect(one('.film-frame[data-probe="0"]').dataset.neighbor).toBe("3");
  });
});

test("the votes are folded where the film strip shows them, and open where nothing else does", async () => {
  const bare = await open();
  expect(bare.one(".votes").hasAttribute("open")).toBe(true);
  const near = [0, 1, 2].map(() => [0, 1, 2, 3, 4, 5].map((i) => [(i + 1) % 6]));
  const film = await open({ neighbors: near });
  expect(film.one(".votes").hasAttribute("open")).toBe(false);
});

test("a picture file that the kernel can read opens in a tab of its own", async () => {
  const opened = vi.fn();
  vi.stubGlobal("open", opened);
  const create = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:picture");
  const { one, click } = await open({}, ({ study }) => {
    Object.assign(study.manifest.families, { source: 6 });
    Object.assign(study.chunks, { "source/0": Uint8Array.of(0xff, 0xd8, 0xff) });
  });
  const button = one('[data-depthviz-control="source"]');
  expect(button.hidden).toBe(false);
  click(one('[data-example-id="e0"]'));
  click(button);
  await vi.waitFor(() => expect(opened).toHaveBeenCalledWith("blob:picture", "_blank", "noopener"));
  const [blob] = create.mock.calls[0] ?? [];
  expect((blob as Blob | undefined)?.type).toBe("image/jpeg");
});

test("without readable files there is no way to full size", async () => {
  const { one } = await open();
  expect(one('[data-depthviz-control="source"]').hidden).toBe(true);
});
