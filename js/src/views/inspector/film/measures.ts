/**
 * How a film strip fills its space: rows as high as the free height allows, and as many pictures as the width holds, exactly.
 *
 * Numbers in, numbers out.
 */
import { clamp } from "../../parts/axis";

export interface Measures {
  /** Height of a row. */
  readonly row: number;
  /** Width of the names and of the curve. */
  readonly name: number;
  readonly curve: number;
  readonly columns: number;
}

const LEAST_ROW = 40;
const MOST_ROW = 76;
const MOST_NARROW = 52;
/** Of a frame with a text: three lines of some words. */
const WORDED = { width: 160, row: 60 };

export interface FilmSpace {
  readonly width: number;
  /** What is free for all rows; 0 where it is not known. */
  readonly height: number;
  /** Whether frames hold texts. */
  readonly worded?: boolean;
}

export function measureFilm(
  { width, height, worded = false }: FilmSpace,
  rows: number,
  k: number,
): Measures {
  const narrow = width < 460;
  const row = clamp(
    Math.floor(height / Math.max(1, rows)),
    PREVIEWS && worded ? WORDED.row : LEAST_ROW,
    narrow && !(PREVIEWS && worded) ? MOST_NARROW : MOST_ROW,
  );
  const name = narrow ? 72 : 84;
  const curve = narrow ? 76 : clamp(Math.round(width * 0.2), 96, 148);
  const columns = countFrames(width - name - curve - 12, row, k, worded);
  return { row, name, curve, columns };
}

/** The same for two strips that are mirrored: how many pictures half the width holds. */
export function measureHalf(
  { width, height, worded = false }: FilmSpace,
  rows: number,
  k: number,
): Pick<Measures, "row" | "columns"> {
  const least = PREVIEWS && worded ? WORDED.row : LEAST_ROW;
  const row = clamp(Math.floor(height / Math.max(1, rows)), least, MOST_ROW);
  return { row, columns: countFrames(width, row, k, worded) };
}

function countFrames(width: number, row: number, k: number, worded: boolean): number {
  const count = PREVIEWS && worded ? Math.round(width / WORDED.width) : Math.ceil(width / row);
  return clamp(count, 1, Math.max(1, k));
}
