/**
 * What lies over the points of the map: trails of the selection, pictures in place of points, the card of the highlighted example.
 */
import type { Scatter } from "../../../scatter";
import { untracked } from "../../../store/reactive";
import { createCard } from "../../parts/examples/card";
import { paintOnChange, type ViewContext } from "../../parts/view";
import { type CrowdParents, createCrowd } from "../crowd/crowd";
import type { Points } from "../points";
import { drawAnnotated } from "./annotated";
import { createThumbnails } from "./thumbnails";
import { createTrails } from "./trails";

export interface Overlays {
  readonly card: HTMLElement;
  readonly notes: readonly HTMLElement[];
  /** Follow the points, which have just been drawn. */
  draw(): void;
  /** Call back whenever the points have been drawn. */
  onDraw(listener: () => void): void;
  /** Returns whether trails are shown now. */
  toggleTrails(): boolean;
}

export function createOverlays(
  context: ViewContext,
  scatter: Scatter | null,
  points: Points,
  parents: CrowdParents,
): Overlays {
  const { store, tiles } = context;
  const crowd = scatter && createCrowd(store, scatter, points, parents);
  const trails = scatter && createTrails(store, scatter);
  const thumbnails = scatter && tiles && createThumbnails(store, scatter, tiles);
  let drawn = () => {};

  function draw(): void {
    drawn();
    if (!points.placed) return;
    crowd?.();
    thumbnails?.draw(points.rgb, points.selectionColor);
    trails?.draw(points.rgb, points.selectionColor);
    if (ANNOTATING) drawAnnotated(context, scatter);
  }

  paintOnChange(context, () => {
    void tiles?.version;
    if (ANNOTATING) void context.desk?.change;
    untracked(draw);
  });
  return {
    card: createHoverCard(context, scatter, points),
    notes: trails ? [trails.note] : [],
    draw,
    onDraw(listener) {
      drawn = listener;
      drawn();
    },
    toggleTrails() {
      trails?.toggle();
      draw();
      return trails?.shown ?? false;
    },
  };
}

/** It stays at its point while the points move. */
function createHoverCard(
  context: ViewContext,
  scatter: Scatter | null,
  points: Points,
): HTMLElement {
  const { store, tiles } = context;
  const card = createCard(context);
  paintOnChange(context, () => {
    const { highlight } = store;
    void store.probe;
    void tiles?.version;
    const place = highlight === null || !points.placed ? null : scatter?.screenPosition(highlight);
    card.show(place ? highlight : null, place ?? { x: 0, y: 0 });
  });
  return card.element;
}
