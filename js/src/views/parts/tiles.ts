/**
 * Pictures of examples, cut from sprite tiles that are fetched only when one of their examples is to be seen.
 *
 * Decoded tiles are kept up to a budget of memory, the least recently seen going first. A tile that nobody asked for in the last
 * frame is not fetched any more: a fast scroll leaves no queue behind.
 */

import type { ImageInfo } from "../../store/manifest";
import { hasBit, readBits } from "../../store/masks";
import { signal } from "../../store/reactive";

export interface Tiles {
  readonly cell: readonly [width: number, height: number];
  /** Whether there is a picture of an example at all. */
  carries(index: number): boolean;
  /** Another number whenever a tile has arrived or failed. */
  readonly version: number;
  /** Draw one example; false where its picture is not there, but on its way if it can be had at all. */
  draw(index: number, canvas: HTMLCanvasElement): boolean;
  /** Nothing is on its way. */
  readonly idle: boolean;
  /** Try the tiles that failed once more. */
  retry(): void;
  dispose(): void;
}

type Load = (name: string) => Promise<Uint8Array>;

const AT_ONCE = 4;
const BUDGET_BYTES = 256 * 2 ** 20;

export function createTiles(info: ImageInfo, load: Load, onError: (reason: Error) => void): Tiles {
  const ready = new Map<number, ImageBitmap>();
  const failed = new Set<number>();
  const underWay = new Set<number>();
  const wanted = new Set<number>();
  const version = signal(0);
  let collecting = false;
  let gone = false;
  const [width, height] = info.cell;
  const room = roomFor(info);
  const pictured = info.pictured === undefined ? null : readBits(info.pictured);
  const carries = (index: number) => pictured === null || hasBit(pictured, index);

  async function fetchTile(tile: number): Promise<void> {
    underWay.add(tile);
    try {
      const bytes = await load(`tile/${tile}`);
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: info.mime });
      const bitmap = await createImageBitmap(blob);
      if (gone) return bitmap.close();
      ready.set(tile, bitmap);
      evict(ready, room);
    } catch (reason) {
      failed.add(tile);
      if (!gone) onError(reason instanceof Error ? reason : new Error(String(reason)));
    } finally {
      underWay.delete(tile);
      if (!gone) version.value = version.peek() + 1;
      fetchMore();
    }
  }

  function fetchMore(): void {
    for (const tile of wanted) {
      if (gone || underWay.size >= AT_ONCE) return;
      wanted.delete(tile);
      void fetchTile(tile);
    }
  }

  /** Tiles asked for in one go replace those still waiting; a view that still needs them asks again. */
  function want(tile: number): void {
    if (failed.has(tile) || underWay.has(tile)) return;
    if (!collecting) {
      collecting = true;
      wanted.clear();
      queueMicrotask(() => {
        collecting = false;
        fetchMore();
      });
    }
    wanted.add(tile);
  }

  return {
    cell: info.cell,
    carries,
    get version() {
      return version.value;
    },
    get idle() {
      return underWay.size === 0 && wanted.size === 0;
    },
    draw(index, canvas) {
      if (!carries(index)) return false;
      const tile = Math.floor(index / info.per_tile);
      const bitmap = ready.get(tile);
      if (!bitmap) {
        want(tile);
        return false;
      }
      ready.delete(tile);
      ready.set(tile, bitmap);
      const place = index % info.per_tile;
      const x = (place % info.across) * width;
      const y = Math.floor(place / info.across) * height;
      copy(bitmap, canvas, { x, y, width, height });
      return true;
    },
    retry() {
      failed.clear();
      version.value = version.peek() + 1;
    },
    dispose() {
      gone = true;
      for (const bitmap of ready.values()) bitmap.close();
      ready.clear();
      wanted.clear();
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

function roomFor({ cell, per_tile }: ImageInfo): number {
  return Math.max(4, Math.floor(BUDGET_BYTES / (cell[0] * cell[1] * per_tile * 4)));
}

function evict(ready: Map<number, ImageBitmap>, room: number): void {
  for (const [tile, bitmap] of ready) {
    if (ready.size <= room) return;
    bitmap.close();
    ready.delete(tile);
  }
}
