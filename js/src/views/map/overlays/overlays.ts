/**
 * What lies over the points of the map: trails of the selection, pictures in place of points, the card of the highlighted example.
 */
import type { Scatter } from "../../../scatter";
import { untracked } from "../../../store/reactive";
import { createCard } from "../../parts/examples/card";
import { paintOnChange, type ViewContext } from "../../parts/view";
import { createRulers } from "../columns/rulers";
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
  scatter: Scatter,
  points: Points,
  parents: CrowdParents,
): Overlays {
  const { store, tiles } = context;
  const crowd = createCrowd(store, scatter, points, parents);
  const rulers = createRulers(parents.ground, scatter);
  const trails = createTrails(store, scatter);
  const thumbnails = tiles && createThumbnails(store, scatter, tiles);
  let drawn = () => {};

  function draw(): void {
    drawn();
    rulers(points.columns);
    if (!points.positions) return;
    crowd();
    thumbnails?.draw(points.rgb, points.selectionColor);
    trails.draw(points.rgb, points.selectionColor, points.columns !== null);
    if (ANNOTATING) drawAnnotated(context, scatter, points);
  }

  paintOnChange(context, () => {
    void tiles?.version;
    if (ANNOTATING) void context.desk?.change;
    untracked(draw);
  });
  return {
    card: createHoverCard(context, scatter, points),
    notes: [trails.note],
    draw,
    onDraw(listener) {
      drawn = listener;
      drawn();
    },
    toggleTrails() {
      trails.toggle();
      draw();
      return trails.shown;
    },
  };
}

/** It stays at its point while the points move. */
function createHoverCard(context: ViewContext, scatter: Scatter, points: Points): HTMLElement {
  const { store, tiles } = context;
  const card = createCard(context);
  paintOnChange(context, () => {
    const { highlight } = store;
    void store.probe;
    void tiles?.version;
    void store.axes;
    const isPlaced = highlight !== null && points.has(highlight);
    const place = isPlaced ? scatter.screenPosition(highlight) : null;
    card.show(place ? highlight : null, place ?? { x: 0, y: 0 });
  });
  return card.element;
}
