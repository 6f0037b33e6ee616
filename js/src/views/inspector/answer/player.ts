/**
 * Plays the sound of an example, and says how much of it there is.
 */
import { formatCount } from "../../../store/columns";
import { numberOf } from "../../../store/lookups";
import { hasChunk } from "../../../store/manifest";
import { h, setText } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { paintOnChange, type ViewContext } from "../../parts/view";
import type { DetailCache } from "../detail_cache";

/** Where a WAV file of 16 bit says its rate and the bytes of its samples. */
const RATE_AT = 24;
const BYTES_AT = 40;

/** The parts of a figure that plays a sound; none where the examples have none. */
export function createPlayer(
  context: ViewContext,
  cache: DetailCache,
  which: () => number | null,
): readonly HTMLElement[] {
  const { store, signal } = context;
  if (!store.manifest.previews?.includes("sound")) return [];
  const audio = h("audio", { class: "player", controls: true, "aria-label": "Sound" });
  const note = h("p", { class: "note" });
  let playing = "";

  function play(name: string, bytes: Uint8Array | null): void {
    if (playing === name) return;
    if (playing !== "") URL.revokeObjectURL(audio.src);
    playing = bytes ? name : "";
    const parts = bytes ? [bytes as Uint8Array<ArrayBuffer>] : [];
    if (bytes) audio.src = URL.createObjectURL(new Blob(parts, { type: "audio/wav" }));
    else audio.removeAttribute("src");
  }

  // Its own keys play and wind; those of the view would step to another example.
  on(audio, "keydown", (event) => event.stopPropagation(), signal);
  on(signal, "abort", () => play("", null), { once: true });
  paintOnChange(context, () => {
    const index = which();
    if (index === null) return;
    const name = `sound/${index}`;
    const carried = hasChunk(store.manifest, name);
    const detail = carried ? cache.get(name) : null;
    const bytes = detail?.state === "ready" ? detail.bytes : null;
    const { seconds, rate } = bytes ? measure(bytes) : { seconds: 0, rate: 0 };
    audio.hidden = seconds === 0;
    play(name, seconds > 0 ? bytes : null);
    const all = (numberOf(store, "sound_length", index) ?? 0) / (rate || 1);
    if (!carried) setText(note, "This page does not carry its sound");
    else if (!bytes)
      setText(
        note,
        detail?.state === "absent" ? "The sound was not loaded" : "Loading the sound …",
      );
    else
      setText(
        note,
        seconds === 0 ? "There is no sound: it is 0 seconds long" : lengthOf(seconds, all, rate),
      );
  });
  return [audio, note];
}

function measure(bytes: Uint8Array): { readonly seconds: number; readonly rate: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rate = view.getUint32(RATE_AT, true);
  return { rate, seconds: view.getUint32(BYTES_AT, true) / (2 * rate) };
}

function lengthOf(seconds: number, all: number, rate: number): string {
  const cut = all - seconds > 0.01;
  const length = cut
    ? `the first ${seconds.toFixed(2)} of ${all.toFixed(2)} s`
    : `${seconds.toFixed(2)} s`;
  return `${length}, ${formatCount(rate)} Hz`;
}
