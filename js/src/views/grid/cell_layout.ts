/**
 * How many cells of the grid stand side by side, and how tall they are, by the width there is. Knows no elements.
 */
import type { CellSize } from "../../store/saved_state";

export interface CellLayout {
  readonly columns: number;
  /** Pixels of a picture, 0 where there is none. */
  readonly picture: number;
  /** Pixels of a row with the gap below it. */
  readonly row: number;
}

export interface CellContent {
  /** Width and height of the pictures; null where there are none. */
  readonly picture: readonly [width: number, height: number] | null;
}

const GAP = 8;
/** A sheet of pictures without words. */
const SHEET_GAP = 2;
const PADDING = 2;
const LINE = 16;
const TALLEST_SHAPE = 1.5;

/** How wide a cell is at least, with a picture and without one, and how many lines are under it. */
const SIZES: Readonly<Record<CellSize, { least: number; plain: number; lines: number }>> = {
  small: { least: 44, plain: 62, lines: 0 },
  medium: { least: 112, plain: 112, lines: 2 },
  large: { least: 168, plain: 150, lines: 2 },
};

/** Lay out cells of a size in a grid of a width in pixels. */
export function layOutCells(gridWidth: number, size: CellSize, content: CellContent): CellLayout {
  const { picture } = content;
  const { least, plain, lines } = SIZES[size];
  const gap = lines === 0 ? SHEET_GAP : GAP;
  const width = Math.max(0, gridWidth - 2 * GAP);
  const columns = Math.max(1, Math.floor((width + gap) / ((picture ? least : plain) + gap)));
  const cell = (width - gap * (columns - 1)) / columns;
  const height = picture ? pictureHeight(cell, picture) : 0;
  const words = LINE * lines;
  const top = picture ? height : LINE;
  return { columns, picture: height, row: top + words + 2 * PADDING + gap };
}

function pictureHeight(cell: number, [width, height]: readonly [number, number]): number {
  return Math.round((cell - 2 * PADDING) * Math.min(TALLEST_SHAPE, height / width));
}
