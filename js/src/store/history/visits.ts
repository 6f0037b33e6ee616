/**
 * Visits: the examples a person has looked at, to go back and forward among, as a browser does among pages.
 *
 * Knows no views. A walk of many steps counts as one visit, of its last example.
 */

export type Visit = "jump" | "step";

export interface Visits {
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  add(index: number, how: Visit): void;
  /** Move by one; the example that is there, or null at the end. */
  go(by: -1 | 1): number | null;
}

const MOST = 200;

export function createVisits(): Visits {
  let visited: number[] = [];
  let at = -1;
  let last: Visit = "jump";
  return {
    get canGoBack() {
      return at > 0;
    },
    get canGoForward() {
      return at < visited.length - 1;
    },
    add(index, how) {
      const kept = how === "step" && last === "step" ? Math.max(at, 1) : at + 1;
      visited = [...visited.slice(Math.max(0, kept - MOST + 1), kept), index];
      at = visited.length - 1;
      last = how;
    },
    go(by) {
      const index = visited[at + by];
      if (index === undefined) return null;
      at += by;
      last = "jump";
      return index;
    },
  };
}
