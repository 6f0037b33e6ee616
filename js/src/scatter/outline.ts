/**
 * Which points lie inside a freehand outline, by the even-odd rule.
 *
 * An outline of a slow hand has hundreds of edges. The height of the outline is cut into rows, each
 * with the edges that touch it, so that a point meets only the edges of its own row; the answer is
 * that of the plain test. Outlines are closed by an edge from the last corner to the first.
 */

import { type Blend, FULL, type Points, SHOWN } from "./drawing/points";
import type { Point } from "./view";

export type InsideTest = (x: number, y: number) => boolean;

/** Finds the shown points inside an outline given in the unit square, ascending. */
export function shownInside(points: Points, blend: Blend, outline: readonly Point[]): Uint32Array {
  const { positions, states, count } = points;
  const { from, to, share } = blend;
  const inside = insideTest(outline.map(({ x, y }) => ({ x: x * FULL, y: y * FULL })));
  const found = new Uint32Array(count);
  let total = 0;
  for (let index = 0, at = 0; index < count; index++, at += 2) {
    if (!((states[index] as number) & SHOWN)) continue;
    const startX = positions[from + at] as number;
    const startY = positions[from + at + 1] as number;
    const x = startX + ((positions[to + at] as number) - startX) * share;
    const y = startY + ((positions[to + at + 1] as number) - startY) * share;
    if (inside(x, y)) found[total++] = index;
  }
  return found.slice(0, total);
}

/** Finds the shown points in a box of the unit square, ascending; null beyond `most` of them. */
export function shownInBox(
  points: Points,
  blend: Blend,
  { from: corner, to: opposite }: { readonly from: Point; readonly to: Point },
  most: number,
): Uint32Array | null {
  const { positions, states, count } = points;
  const { from, to, share } = blend;
  const [left, right] = [corner.x * FULL, opposite.x * FULL];
  const [low, high] = [opposite.y * FULL, corner.y * FULL];
  const found = new Uint32Array(Math.min(most, count));
  let total = 0;
  for (let index = 0, at = 0; index < count; index++, at += 2) {
    if (!((states[index] as number) & SHOWN)) continue;
    const startX = positions[from + at] as number;
    const x = startX + ((positions[to + at] as number) - startX) * share;
    if (x < left || x > right) continue;
    const startY = positions[from + at + 1] as number;
    const y = startY + ((positions[to + at + 1] as number) - startY) * share;
    if (y < low || y > high) continue;
    if (total === most) return null;
    found[total++] = index;
  }
  return found.slice(0, total);
}

/** Makes the test for one outline: bounding box first, then the edges of the row. */
export function insideTest(outline: readonly Point[]): InsideTest {
  const edges = edgesOf(outline);
  const box = boundsOf(outline);
  const rows = rowsOf(edges, box);
  return (x, y) => {
    if (!(x >= box.left && x <= box.right && y >= box.low && y <= box.high)) return false;
    const row = rows.rowAt(y);
    const end = rows.starts[row + 1] as number;
    let inside = false;
    for (let at = rows.starts[row] as number; at < end; at++) {
      if (crosses(edges, rows.members[at] as number, x, y)) inside = !inside;
    }
    return inside;
  };
}

interface Box {
  left: number;
  right: number;
  low: number;
  high: number;
}

/** Edges of each row: those of row r are `members[starts[r] .. starts[r + 1]]`. */
interface Rows {
  readonly starts: Uint32Array;
  readonly members: Uint32Array;
  readonly rowAt: (y: number) => number;
}

/** Four numbers an edge: x and y of its start, x and y of its end. */
function edgesOf(outline: readonly Point[]): Float64Array {
  const edges = new Float64Array(outline.length * 4);
  outline.forEach((start, index) => {
    const end = outline[(index + 1) % outline.length] as Point;
    edges.set([start.x, start.y, end.x, end.y], index * 4);
  });
  return edges;
}

function boundsOf(outline: readonly Point[]): Box {
  const box = { left: Infinity, right: -Infinity, low: Infinity, high: -Infinity };
  for (const { x, y } of outline) {
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.low = Math.min(box.low, y);
    box.high = Math.max(box.high, y);
  }
  return box;
}

function rowsOf(edges: Float64Array, box: Box): Rows {
  const count = Math.max(1, edges.length / 4);
  const perUnit = box.high > box.low ? count / (box.high - box.low) : 0;
  const rowAt = (y: number) => Math.min(count - 1, Math.floor((y - box.low) * perUnit));
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (let edge = 0; edge < edges.length / 4; edge++) {
    const ends = [edges[edge * 4 + 1] as number, edges[edge * 4 + 3] as number];
    const last = rowAt(Math.max(...ends));
    for (let row = rowAt(Math.min(...ends)); row <= last; row++) lists[row]?.push(edge);
  }
  const starts = new Uint32Array(count + 1);
  lists.forEach((list, row) => {
    starts[row + 1] = (starts[row] as number) + list.length;
  });
  return { starts, members: Uint32Array.from(lists.flat()), rowAt };
}

/**
 * Whether a ray from the point to the right crosses the edge; an edge owns its lower end, not its
 * upper.
 */
function crosses(edges: Float64Array, edge: number, x: number, y: number): boolean {
  const at = edge * 4;
  const startY = edges[at + 1] as number;
  const endY = edges[at + 3] as number;
  if (startY > y === endY > y) return false;
  const startX = edges[at] as number;
  const endX = edges[at + 2] as number;
  return x < startX + ((endX - startX) * (y - startY)) / (endY - startY);
}
