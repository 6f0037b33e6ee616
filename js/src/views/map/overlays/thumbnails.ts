/**
 * Pictures in place of points, once the map is zoomed in so far that few are in sight.
 *
 * Each is framed in its point's color, and drawn pixel by pixel in whole multiples, so nothing is blurred. Where a picture has not
 * arrived its point stays. The whole map shows none, so its animation costs nothing more.
 */
import type { Scatter } from "../../../scatter";
import type { Store } from "../../../store/store";
import type { Tiles } from "../../parts/examples/tiles";
import { colorOf } from "../../parts/palette";
import { createLayer } from "./layer";

export interface Thumbnails {
  /** Follow the points, which have just been drawn; `rgb` has their colors, shape (N, 3). */
  draw(rgb: Uint8Array, selection: string): void;
}

export const MOST_THUMBNAILS = 120;

const LEAST_ZOOM = 2;
const SIDE_PX = 34;
const FRAME = 2.5;
const KEPT = 4 * MOST_THUMBNAILS;

export function createThumbnails(store: Store, scatter: Scatter, tiles: Tiles): Thumbnails {
  const layer = createLayer(scatter);
  const pictures = new Map<number, HTMLCanvasElement>();
  const [width, height] = tiles.cell;

  function pictureOf(index: number): HTMLCanvasElement | null {
    const known = pictures.get(index);
    if (known) return known;
    const canvas = document.createElement("canvas");
    if (!tiles.draw(index, canvas)) return null;
    if (pictures.size >= KEPT) pictures.clear();
    pictures.set(index, canvas);
    return canvas;
  }

  /** Where a picture lies, on whole pixels of the screen. */
  function boxOf(index: number) {
    const ratio = globalThis.devicePixelRatio || 1;
    const times = Math.max(1, Math.floor((SIDE_PX * ratio) / Math.max(width, height))) / ratio;
    const { x, y } = scatter.screenPosition(index);
    const snap = (place: number) => Math.round(place * ratio) / ratio;
    const [across, down] = [width * times, height * times];
    return { left: snap(x - across / 2), top: snap(y - down / 2), across, down };
  }

  function drawOne(context: CanvasRenderingContext2D, index: number, color: string): void {
    const picture = pictureOf(index);
    if (!picture) return;
    const { left, top, across, down } = boxOf(index);
    context.fillStyle = color;
    context.fillRect(left - FRAME, top - FRAME, across + 2 * FRAME, down + 2 * FRAME);
    context.drawImage(picture, left, top, across, down);
  }

  function ring(context: CanvasRenderingContext2D, index: number, color: string): void {
    const { left, top, across, down } = boxOf(index);
    const gap = FRAME + 1.5;
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.strokeRect(left - gap, top - gap, across + 2 * gap, down + 2 * gap);
  }

  return {
    draw(rgb, selection) {
      const near = scatter.zoom >= LEAST_ZOOM ? scatter.inSight(MOST_THUMBNAILS) : null;
      const context = near && near.length > 0 ? layer.begin() : null;
      if (!near || !context) {
        layer.clear();
        return;
      }
      context.imageSmoothingEnabled = true; // an enlarged pixel is a tile, which nobody recognizes
      for (const index of near) {
        drawOne(context, index, colorOf(rgb, index));
        if (store.selection.has(index) && pictures.has(index)) ring(context, index, selection);
      }
      const at = store.highlight;
      if (at !== null && pictures.has(at) && near.includes(at)) ring(context, at, selection);
    },
  };
}
