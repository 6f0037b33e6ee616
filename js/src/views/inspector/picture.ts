/**
 * The picture of the example in focus, as large as room allows and without loss.
 *
 * Compression must not look like difficulty: until the lossless picture is there its thumbnail stands in, and the line below
 * says which of the two is seen, and at how many pixels.
 */
import { hasChunk } from "../../store/manifest";
import { createPicture } from "../parts/cell";
import { h, setAttribute, setText } from "../parts/dom";
import type { Tiles } from "../parts/tiles";
import { paintOnChange, type View, type ViewContext } from "../parts/view";
import type { Piece, Pieces } from "./detail_cache";

/** As wide as the styles draw it; a smaller picture is scaled up, without smoothing. */
const WIDTH = 160;

export function createSpecimen(context: ViewContext, pieces: Pieces): View {
  const { store, tiles } = context;
  const { details, images } = store.manifest;
  const canvas = tiles ? createPicture(tiles) : null;
  const note = h("p", { class: "note picture-note" });
  const element = h("figure", { class: "specimen-picture" }, ...(canvas ? [canvas] : []), note);
  let shown: string | null = null;
  let broken: string | null = null;
  element.hidden = canvas === null;

  function paint(index: number): void {
    if (!canvas || !tiles) return;
    const name = `original/${index}`;
    const piece = hasChunk(store.manifest, name) ? pieces.get(name) : null;
    const whole = piece?.state === "ready" && name !== broken ? piece : null;
    if (whole && shown === name) return;
    shown = whole && name;
    drawThumbnail(canvas, tiles, index, stateOf(piece, name));
    if (whole) void decode(name, whole.bytes, index);
  }

  function stateOf(piece: Piece | null, name: string): Piece | null {
    if (piece?.state !== "ready") return piece;
    return name === broken ? { state: "absent", reason: "not a picture" } : { state: "loading" };
  }

  function drawThumbnail(
    canvas: HTMLCanvasElement,
    tiles: Tiles,
    index: number,
    piece: Piece | null,
  ) {
    const [width, height] = tiles.cell;
    resize(canvas, width, height);
    setAttribute(canvas, "data-empty", !tiles.draw(index, canvas));
    const exact = images?.lossless === true && sameSize(details.original?.size, tiles.cell);
    const words = noteOf(exact, piece);
    setText(note, tiles.carries(index) ? words : "This page carries no picture of it");
  }

  async function decode(name: string, bytes: Uint8Array, index: number): Promise<void> {
    const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    const bitmap = await createImageBitmap(blob).catch(() => null);
    if (!canvas || store.focus !== index) return bitmap?.close();
    if (!bitmap) {
      broken = name;
      return paint(index);
    }
    resize(canvas, bitmap.width, bitmap.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
    bitmap.close();
    setAttribute(canvas, "data-empty", false);
    setText(note, noteOf(true));
  }

  function noteOf(exact: boolean, piece: Piece | null = null): string {
    const size = exact ? (details.original?.size ?? tiles?.cell) : tiles?.cell;
    const text = size ? `${size[0]} × ${size[1]} px` : "";
    if (piece?.state === "loading") return `${text} thumbnail; loading the picture …`;
    const failed = piece?.state === "absent" && piece.reason !== "";
    if (failed && !exact) return `${text} thumbnail; the picture was not loaded`;
    if (!exact) return `${text} thumbnail; this page carries no lossless picture of it`;
    const source = details.original?.source;
    const reduced = source && !sameSize(source, details.original?.size);
    return reduced ? `${text}, reduced from ${source[0]} × ${source[1]}` : `${text}, lossless`;
  }

  paintOnChange(context, () => {
    element.hidden = canvas === null || store.focus === null;
    if (store.focus !== null) paint(store.focus);
  });
  return { element };
}

function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.style.aspectRatio = `${width} / ${height}`;
  canvas.classList.toggle("small", Math.max(width, height) <= WIDTH);
}

type Pair = readonly [number, number] | undefined;

function sameSize(a: Pair, b: Pair): boolean {
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}
