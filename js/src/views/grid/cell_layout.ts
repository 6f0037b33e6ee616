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
  /** How many depths a cell shows. */
  readonly depths: 1 | 2;
}

const GAP = 8;
const PADDING = 3;
const METER = 6;
const LINE = 17;
const TALLEST_SHAPE = 1.5;

/** How wide a cell is at least, with a picture and without one, and how many lines are under it. */
const SIZES: Readonly<Record<CellSize, { least: number; plain: number; lines: number }>> = {
  small: { least: 46, plain: 62, lines: 0 },
  medium: { least: 74, plain: 74, lines: 2 },
  large: { least: 150, plain: 150, lines: 2 },
};

/** Lay out cells of a size in a grid of a width in pixels. */
export function layOutCells(gridWidth: number, size: CellSize, content: CellContent): CellLayout {
  const { picture, depths } = content;
  const { least, plain, lines } = SIZES[size];
  const width = Math.max(0, gridWidth - 2 * GAP);
  const columns = Math.max(1, Math.floor((width + GAP) / ((picture ? least : plain) + GAP)));
  const cell = (width - GAP * (columns - 1)) / columns;
  const height = picture ? pictureHeight(cell, picture) : 0;
  const words = LINE * (lines + (depths === 2 && lines > 0 ? 1 : 0));
  const top = picture ? height : LINE;
  return { columns, picture: height, row: top + METER * depths + words + 2 * PADDING + GAP };
}

function pictureHeight(cell: number, [width, height]: readonly [number, number]): number {
  return Math.round((cell - 2 * PADDING) * Math.min(TALLEST_SHAPE, height / width));
}
