/**
 * The frame of the film strip that Tab goes to, and where the keys move it. Knows no elements.
 */
import type { Neighbors } from "../../../store/details/evidence";

export interface FilmCursor {
  readonly probe: number;
  readonly place: number;
  moveTo(probe: number, place: number): void;
  /** Move onto a frame that exists: a row may have fewer neighbors than the one before. */
  settle(neighbors: Neighbors): void;
  /** Move as a key says; false where it leads to no frame. */
  moveBy(move: Move, neighbors: Neighbors): boolean;
}

type Move = readonly [probe: number, place: number];

/** How far each key moves, in probes and in places. */
export const MOVES: Readonly<Record<string, Move>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -1e6],
  End: [0, 1e6],
};

export function createFilmCursor(probes: number): FilmCursor {
  let probe = 0;
  let place = 0;

  function settle(neighbors: Neighbors): void {
    const has = (row: number) => (neighbors[row]?.length ?? 0) > 0;
    const row = has(probe) ? probe : Array.from({ length: probes }, (_, i) => i).findIndex(has);
    const most = (neighbors[row]?.length ?? 1) - 1;
    probe = Math.max(0, row);
    place = Math.max(0, Math.min(most, place));
  }

  return {
    get probe() {
      return probe;
    },
    get place() {
      return place;
    },
    moveTo(nextProbe, nextPlace) {
      probe = nextProbe;
      place = nextPlace;
    },
    settle,
    moveBy([down, along], neighbors) {
      const next = Math.min(probes - 1, Math.max(0, probe + down));
      if (!neighbors[next]?.length) return false;
      probe = next;
      place = Math.max(0, place + along);
      settle(neighbors);
      return true;
    },
  };
}
