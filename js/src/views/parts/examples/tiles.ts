/**
 * Pictures of examples, cut from sprite tiles that are fetched only when one of their examples is to be seen.
 *
 * Decoded tiles are kept up to a budget of memory, the least recently seen going first. A tile that nobody asked for in the last
 * frame is not fetched any more: a fast scroll leaves no queue behind.
 */

import { fromBase64 } from "../../../store/base64";
import type { ImageInfo } from "../../../store/manifest";
import { hasBit } from "../../../store/masks";
import { createQueue } from "../../../store/previews/fetch_queue";
import { signal } from "../../../store/reactive";

export interface Tiles {
  readonly cell: readonly [width: number, height: number];
  /** Whether there is a picture of an example at all. */
  carries(index: number): boolean;
  /** Another number whenever a tile has arrived or failed. */
  readonly version: number;
  /**
   * Draw one example; false where its picture is not there, but on its way if it can be had at all: then the drawing that asked
   * runs again once a tile has come.
   */
  draw(index: number, canvas: HTMLCanvasElement): boolean;
  /** Nothing is on its way. */
  readonly idle: boolean;
  /** Try the tiles that failed once more. */
  retry(): void;
  dispose(): void;
}

type Load = (name: string) => Promise<Uint8Array>;

const BUDGET_BYTES = 256 * 2 ** 20;

export function createTiles(info: ImageInfo, load: Load, onError: (reason: Error) => void): Tiles {
  const ready = new Map<number, ImageBitmap>();
  const failed = new Set<number>();
  const version = signal(0);
  const most = tilesInBudget(info);
  const pictured = info.pictured === undefined ? null : fromBase64(info.pictured);
  const carries = (index: number) => pictured === null || hasBit(pictured, index);
  const redraw = () => {
    version.value = version.peek() + 1;
  };

  const queue = createQueue(async (tile, isGone) => {
    try {
      const bytes = await load(`tile/${tile}`);
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: info.mime });
      const bitmap = await createImageBitmap(blob);
      if (isGone()) return bitmap.close();
      ready.set(tile, bitmap);
      evict(ready, most);
    } catch (reason) {
      failed.add(tile);
      if (!isGone()) onError(reason instanceof Error ? reason : new Error(String(reason)));
    }
  }, redraw);

  return {
    cell: info.cell,
    carries,
    get version() {
      return version.value;
    },
    get idle() {
      return queue.idle;
    },
    draw(index, canvas) {
      if (!carries(index)) return false;
      const tile = Math.floor(index / info.per_tile);
      const bitmap = ready.get(tile);
      if (!bitmap) {
        void version.value;
        if (!failed.has(tile)) queue.add(tile);
        return false;
      }
      ready.delete(tile);
      ready.set(tile, bitmap);
      copy(bitmap, canvas, boxOf(index, info));
      return true;
    },
    retry() {
      failed.clear();
      redraw();
    },
    dispose() {
      queue.dispose();
      for (const bitmap of ready.values()) bitmap.close();
      ready.clear();
    },
  };
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Into memory, not onto the graphics card: dozens of small pictures that rarely change scroll faster so. */
function copy(bitmap: ImageBitmap, canvas: HTMLCanvasElement, box: Box): void {
  if (canvas.width !== box.width) canvas.width = box.width;
  if (canvas.height !== box.height) canvas.height = box.height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.clearRect(0, 0, box.width, box.height);
  context?.drawImage(bitmap, box.x, box.y, box.width, box.height, 0, 0, box.width, box.height);
}

/** Where a picture lies in its tile. */
function boxOf(index: number, { cell: [width, height], per_tile, across }: ImageInfo): Box {
  const place = index % per_tile;
  return { x: (place % across) * width, y: Math.floor(place / across) * height, width, height };
}

/** How many decoded tiles fit into the budget. */
function tilesInBudget({ cell, per_tile }: ImageInfo): number {
  return Math.max(4, Math.floor(BUDGET_BYTES / (cell[0] * cell[1] * per_tile * 4)));
}

function evict(ready: Map<number, ImageBitmap>, most: number): void {
  for (const [tile, bitmap] of ready) {
    if (ready.size <= most) return;
    bitmap.close();
    ready.delete(tile);
  }
}
