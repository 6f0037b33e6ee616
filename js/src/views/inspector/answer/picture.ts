/**
 * The picture of the example in focus, as large as room allows and without loss.
 *
 * Compression must not look like difficulty: until the lossless picture is there its thumbnail stands in, and the line below
 * says which of the two is seen, and at how many pixels.
 */
import { hasChunk, type Manifest } from "../../../store/manifest";
import { untracked } from "../../../store/reactive";
import { h, setAttribute, setText } from "../../parts/dom";
import { createPicture } from "../../parts/examples/cell";
import type { Tiles } from "../../parts/examples/tiles";
import { createFullText } from "../../parts/excerpts/full_text";
import { on } from "../../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import type { Detail, DetailCache } from "../detail_cache";
import { createPlayer } from "./player";

/** The picture of the example in focus, or of another one. */
export function createExamplePicture(
  context: ViewContext,
  cache: DetailCache,
  which: () => number | null = () => context.store.focus,
): View {
  const { store, tiles } = context;
  const { details, images } = store.manifest;
  const canvas = tiles ? createPicture(tiles) : null;
  const note = h("p", { class: "note picture-note" });
  const file = createFileButton(context, which);
  const own = canvas ? [canvas, note, file] : [];
  const parts = PREVIEWS ? withPreviews(own, context, cache, which) : own;
  const element = h("figure", { class: "specimen-picture" }, ...parts);
  if (PREVIEWS && context.texts) element.classList.add("of-text");
  const none = canvas === null && !(PREVIEWS && context.texts);
  let shown: string | null = null;
  let broken: string | null = null;
  element.hidden = none;

  function paint(index: number): void {
    if (!canvas || !tiles) return;
    const name = `original/${index}`;
    const detail = hasChunk(store.manifest, name) ? cache.get(name) : null;
    const whole = detail?.state === "ready" && name !== broken ? detail : null;
    if (whole && shown === name) return;
    shown = whole && name;
    drawThumbnail(canvas, tiles, index, stateOf(detail, name));
    if (whole) void decode(name, whole.bytes, index);
  }

  function stateOf(detail: Detail | null, name: string): Detail | null {
    if (detail?.state !== "ready") return detail;
    return name === broken ? { state: "absent", reason: "not a picture" } : { state: "loading" };
  }

  function drawThumbnail(
    canvas: HTMLCanvasElement,
    tiles: Tiles,
    index: number,
    detail: Detail | null,
  ) {
    const [width, height] = tiles.cell;
    resize(canvas, width, height);
    setAttribute(canvas, "data-empty", !tiles.draw(index, canvas));
    const exact = images?.lossless === true && sameSize(details.original?.size, tiles.cell);
    const words = pictureNote(store.manifest, exact, detail);
    setText(note, tiles.carries(index) ? words : "This page carries no picture of it");
  }

  async function decode(name: string, bytes: Uint8Array, index: number): Promise<void> {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    const bitmap = await createImageBitmap(blob).catch(() => null);
    if (!canvas || untracked(which) !== index) return bitmap?.close();
    if (!bitmap) {
      broken = name;
      return paint(index);
    }
    resize(canvas, bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    setAttribute(canvas, "data-empty", false);
    setText(note, pictureNote(store.manifest, true));
  }

  paintOnChange(context, () => {
    const index = which();
    file.hidden = index === null || !hasChunk(store.manifest, `source/${index}`);
    element.hidden = none || index === null;
    if (index !== null) paint(index);
  });
  return { element };
}

/** Picture, text and sound, whatever an example has; of a sound the picture is but its wave, and needs no note. */
function withPreviews(
  own: readonly HTMLElement[],
  context: ViewContext,
  cache: DetailCache,
  which: () => number | null,
): HTMLElement[] {
  const player = createPlayer(context, cache, which);
  const shown = player.length > 0 ? own.slice(0, 1) : own;
  return [...shown, ...createFullText(context, which), ...player];
}

/** Opens the picture file itself in a tab of its own, where a kernel can read it. */
function createFileButton(
  { load, signal }: ViewContext,
  which: () => number | null,
): HTMLButtonElement {
  const title = "Open the picture file at full size";
  const attributes = { class: "bare", title, control: "source" };
  const button = h("button", attributes, "full size");
  const open = async () => {
    const bytes = await load(`source/${untracked(which)}`).catch(() => null);
    if (!bytes) return setText(button, "the file cannot be read");
    const address = URL.createObjectURL(
      new Blob([bytes as Uint8Array<ArrayBuffer>], { type: typeOf(bytes) }),
    );
    window.open(address, "_blank", "noopener");
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  on(button, "click", () => void open(), signal);
  return button;
}

/** A browser draws a picture by the type it is told; others are offered for saving. */
function typeOf([first, second]: Uint8Array): string {
  if (first === 0xff) return "image/jpeg";
  if (first === 0x89) return "image/png";
  if (first === 0x52) return "image/webp";
  return first === 0x47 && second === 0x49 ? "image/gif" : "application/octet-stream";
}

/** What picture is seen, and at how many pixels; `exact` where it is without loss. */
function pictureNote(
  { details: { original }, images }: Manifest,
  exact: boolean,
  detail: Detail | null = null,
): string {
  const size = exact ? (original?.size ?? images?.cell) : images?.cell;
  const text = size ? `${size[0]} × ${size[1]} px` : "";
  if (detail?.state === "loading") return `${text} thumbnail; loading the picture …`;
  const failed = detail?.state === "absent" && detail.reason !== "";
  if (failed && !exact) return `${text} thumbnail; the picture was not loaded`;
  if (!exact) return `${text} thumbnail; this page carries no lossless picture of it`;
  const source = original?.source;
  const reduced = source && !sameSize(source, original?.size);
  return reduced ? `${text}, reduced from ${source[0]} × ${source[1]}` : `${text}, lossless`;
}

function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.classList.remove("small");
}

type Pair = readonly [number, number] | undefined;

function sameSize(a: Pair, b: Pair): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}
