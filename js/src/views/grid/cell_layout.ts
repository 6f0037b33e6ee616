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
  /** Lines of a text. */
  readonly lines?: number;
}

export interface CellContent {
  /** Width and height of the pictures; null where there are none. */
  readonly picture: readonly [width: number, height: number] | null;
  /** Characters that most texts have at most, where a cell has lines of one. */
  readonly letters?: number | undefined;
  /** Fields of a row, each a line. */
  readonly fields?: number | undefined;
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

/** The same of cells with a text, and how many lines of it at most. */
const WORDED: Readonly<Record<CellSize, { least: number; most: number }>> = {
  small: { least: 170, most: 2 },
  medium: { least: 230, most: 5 },
  large: { least: 380, most: 11 },
};
const FRAME_WIDTH = 14;
const FRAME_HEIGHT = 10;
const LETTER_WIDTH = 6.4;

/** Lay out cells of a size in a grid of a width in pixels. */
export function layOutCells(gridWidth: number, size: CellSize, content: CellContent): CellLayout {
  const { picture } = content;
  if (PREVIEWS && content.letters !== undefined) return layOutTexts(gridWidth, size, content);
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

/** Label, value and suggestion stand above the text, in every size; lines are as many as most texts have. */
function layOutTexts(
  gridWidth: number,
  size: CellSize,
  { picture, letters = 0, fields }: CellContent,
): CellLayout {
  const { least, most } = WORDED[size];
  const width = Math.max(0, gridWidth - 2 * GAP);
  const columns = Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  const cell = (width - GAP * (columns - 1)) / columns - FRAME_WIDTH;
  const needed = fields ?? Math.ceil((letters * LETTER_WIDTH) / cell);
  const lines = Math.max(1, Math.min(most, needed));
  const height = picture ? Math.min(pictureHeight(cell, picture), 8 * LINE) : 0;
  return { columns, picture: height, row: height + LINE * (1 + lines) + FRAME_HEIGHT + GAP, lines };
}

function pictureHeight(cell: number, [width, height]: readonly [number, number]): number {
  return Math.round((cell - 2 * PADDING) * Math.min(TALLEST_SHAPE, height / width));
}
