import { expect, test, vi } from "vitest";
import { settle } from "../../fakes";
import { frames, open } from "../opened";

vi.mock("../../../src/scatter", async (original) => ({
  ...(await original<typeof import("../../../src/scatter")>()),
  createScatter: (await import("../../fakes")).createFakeScatter,
}));

function wav(samples: number, rate: number): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * samples);
  const view = new DataView(bytes.buffer);
  view.setUint32(24, rate, true);
  view.setUint32(40, 2 * samples, true);
  return bytes;
}

const SOUNDS = [
  wav(4000, 8000),
  wav(0, 44_100),
  undefined,
  wav(96_000, 48_000),
  wav(1, 8),
  wav(1, 8),
];

async function opened() {
  const urls = new Set<string>();
  let made = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
    urls.add(`blob:${++made}`);
    return `blob:${made}`;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void urls.delete(url));
  const page = await open({ sounds: SOUNDS });
  const look = async (id: string) => {
    page.click(page.cell(id));
    await settle(frames);
    return page.one(".player + .note").textContent;
  };
  return { ...page, urls, look };
}

test("the sound of the example in focus can be played, whatever its rate", async () => {
  const { one, look, urls } = await opened();
  expect(await look("e0")).toBe("0.50 s, 8,000 Hz");
  const player = one(".player") as HTMLAudioElement;
  expect([player.hidden, player.controls, player.getAttribute("aria-label")]).toEqual([
    false,
    true,
    "Sound",
  ]);
  expect(await look("e3")).toBe("2.00 s, 48,000 Hz");
  expect(urls.size).toBe(1);
  expect(player.src).toBe([...urls][0]);
});

test("a sound of no length and one that is not in the page say so", async () => {
  const { one, look, urls } = await opened();
  expect(await look("e1")).toBe("There is no sound: it is 0 seconds long");
  expect(one(".player").hidden).toBe(true);
  expect(await look("e2")).toBe("This page does not carry its sound");
  expect(one(".player").hidden).toBe(true);
  expect(urls.size).toBe(0);
});

test("keys in the player are its own, and step to no other example", async () => {
  const { one, look, press } = await opened();
  await look("e0");
  press(one(".player"), "ArrowRight");
  expect(one(".specimen-id").textContent).toBe("e0");
});
