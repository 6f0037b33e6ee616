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

/** `height` is what is free for all rows; 0 where it is not known. */
export function measureFilm(
  { width, height }: { readonly width: number; readonly height: number },
  rows: number,
  k: number,
): Measures {
  const narrow = width < 460;
  const row = clamp(
    Math.floor(height / Math.max(1, rows)),
    LEAST_ROW,
    narrow ? MOST_NARROW : MOST_ROW,
  );
  const name = narrow ? 72 : 84;
  const curve = narrow ? 76 : clamp(Math.round(width * 0.2), 96, 148);
  const columns = clamp(Math.ceil((width - name - curve - 12) / row), 1, Math.max(1, k));
  return { row, name, curve, columns };
}

/** The same for two strips that are mirrored: how many pictures half the width holds. */
export function measureHalf(
  { width, height }: { readonly width: number; readonly height: number },
  rows: number,
  k: number,
): Pick<Measures, "row" | "columns"> {
  const row = clamp(Math.floor(height / Math.max(1, rows)), LEAST_ROW, MOST_ROW);
  return { row, columns: clamp(Math.ceil(width / row), 1, Math.max(1, k)) };
}
