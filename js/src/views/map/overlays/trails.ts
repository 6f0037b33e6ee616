/**
 * Trails: the way of each selected example through the maps of all probes, and where on it the example is now.
 *
 * A trail is in its example's color, faint at the input and strong at the output, so its direction can be read. Of a large selection
 * only some are drawn, and a note gives their number.
 */

import type { Scatter } from "../../../scatter";
import { formatCount } from "../../../store/columns";
import type { Store } from "../../../store/store";
import { h, setText } from "../../parts/dom";
import { colorOf } from "../../parts/palette";
import { createLayer } from "./layer";

export interface Trails {
  /** Says what is drawn, where that is not all. */
  readonly note: HTMLElement;
  readonly shown: boolean;
  toggle(): void;
  /** Follow the points, which have just been drawn; off where there is no way, as by columns. */
  draw(rgb: Uint8Array, ink: string, off?: boolean): void;
}

export const MOST_TRAILS = 200;

const STOP_PX = 1.6;
const PLACE_PX = 4;

export function createTrails(store: Store, scatter: Scatter): Trails {
  const layer = createLayer(scatter);
  const note = h("p", { class: "map-note trail-note", "aria-live": "polite" });
  note.hidden = true;
  let shown = false;

  function explain(count: number): void {
    const drawn = Math.min(count, MOST_TRAILS);
    const cut = `Trails of ${formatCount(drawn)} of ${formatCount(count)} selected examples.`;
    const text = count === 0 ? "Select examples to see their trails." : cut;
    note.hidden = !shown || (count > 0 && count <= MOST_TRAILS);
    setText(note, note.hidden ? "" : text);
  }

  return {
    note,
    get shown() {
      return shown;
    },
    toggle() {
      shown = !shown;
    },
    draw(rgb, ink, off = false) {
      explain(store.selection.count);
      note.hidden ||= off;
      const context = shown && !off && store.selection.count > 0 ? layer.begin() : null;
      if (!context) {
        layer.clear();
        return;
      }
      context.lineCap = "round";
      for (const index of first(store, MOST_TRAILS)) {
        const color = colorOf(rgb, index);
        context.strokeStyle = color;
        context.fillStyle = color;
        drawTrail(context, store, scatter, index);
        context.strokeStyle = ink;
        context.stroke();
      }
    },
  };
}

function first({ selection: { flags } }: Store, most: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < flags.length && found.length < most; i++) if (flags[i] === 1) found.push(i);
  return found;
}

function drawTrail(
  context: CanvasRenderingContext2D,
  store: Store,
  scatter: Scatter,
  index: number,
): void {
  const last = store.manifest.probes.length - 1;
  let from = scatter.screenPosition(index, 0);
  for (let probe = 0; probe <= last; probe++) {
    const to = scatter.screenPosition(index, probe);
    context.globalAlpha = 0.25 + (0.55 * probe) / Math.max(1, last);
    context.lineWidth = 0.75 + probe / Math.max(1, last);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    context.beginPath();
    context.arc(to.x, to.y, STOP_PX, 0, 2 * Math.PI);
    context.fill();
    from = to;
  }
  const now = scatter.screenPosition(index);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(now.x, now.y, Math.max(PLACE_PX, scatter.measures.point / 2), 0, 2 * Math.PI);
  context.fill();
}
