/**
 * The eight shapes as signed distances: how far a place is from the edge, negative inside.
 *
 * Units are radii of the mark, x right, y down, so that all shapes look equally large. Beyond
 * corners the distance is that to the prolonged edges: outlines stay sharp. The same formulas stand
 * here twice, for the graphics card and for Canvas2D; a change of one is a change of the other.
 */

export const SHAPES = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "cross",
  "plus",
  "star",
  "ring",
] as const;

/** How far each shape reaches from its middle along an axis. */
export const EXTENTS = [1, 0.88, 1.35, 1.24, 1.06, 1.1, 1.35, 1.02] as const;

const HALF_ROOT = Math.SQRT1_2;

export function distanceTo(shape: number, x: number, y: number): number {
  const across = Math.abs(x);
  const down = Math.abs(y);
  switch (shape) {
    case 1:
      return Math.max(across, down) - 0.88;
    case 2:
      return Math.max(y, across * 0.866 - y * 0.5) - 0.675;
    case 3:
      return (across + down) * HALF_ROOT - 0.875;
    case 4:
      return distanceToBars(Math.abs(x + y) * HALF_ROOT, Math.abs(x - y) * HALF_ROOT);
    case 5:
      return distanceToBars(across, down);
    case 6:
      return distanceToStar(across, -y);
    case 7:
      return Math.abs(Math.hypot(x, y) - 0.71) - 0.31;
    default:
      return Math.hypot(x, y) - 1;
  }
}

function distanceToBars(across: number, down: number): number {
  return Math.max(Math.min(across, down) - 0.36, Math.max(across, down) - 1.1);
}

/** Five points, one up: folded twice into the wedge of half a point, where the edge is one line. */
function distanceToStar(across: number, up: number): number {
  const low = 2 * Math.max(-0.309 * across - 0.951 * up, 0);
  const x = across + 0.309 * low;
  const y = up + 0.951 * low;
  const high = 2 * Math.max(0.809 * x - 0.588 * y, 0);
  return Math.abs(x - 0.809 * high) * 0.933 + (y + 0.588 * high) * 0.361 - 0.487;
}

/**
 * `extentOf` and `distanceTo` in GLSL ES 3.00. They ask by comparisons, halving the shapes:
 * emulated graphics cards are slow at arrays with a computed index and at `switch`.
 */
export const SHAPES_GLSL = `
float extentOf(int shape) {
  return ${EXTENTS.map((extent, shape) => `shape == ${shape} ? ${extent.toFixed(2)} : `).join("")}1.0;
}

float distanceToBars(vec2 p) {
  return max(min(p.x, p.y) - 0.36, max(p.x, p.y) - 1.1);
}

float distanceToStar(vec2 p) {
  p -= 2.0 * max(dot(p, vec2(-0.309, -0.951)), 0.0) * vec2(-0.309, -0.951);
  p -= 2.0 * max(dot(p, vec2(0.809, -0.588)), 0.0) * vec2(0.809, -0.588);
  return abs(p.x) * 0.933 + p.y * 0.361 - 0.487;
}

float distanceTo(int shape, vec2 p) {
  vec2 a = abs(p);
  if (shape < 4) {
    if (shape == 0) return length(p) - 1.0;
    if (shape == 1) return max(a.x, a.y) - 0.88;
    if (shape == 2) return max(p.y, a.x * 0.866 - p.y * 0.5) - 0.675;
    return (a.x + a.y) * ${HALF_ROOT} - 0.875;
  }
  if (shape == 4) return distanceToBars(abs(vec2(p.x + p.y, p.x - p.y)) * ${HALF_ROOT});
  if (shape == 5) return distanceToBars(a);
  if (shape == 6) return distanceToStar(vec2(a.x, -p.y));
  return abs(length(p) - 0.71) - 0.31;
}
`;
