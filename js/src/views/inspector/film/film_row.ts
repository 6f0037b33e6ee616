/**
 * One row of the film strip: the probe's name, space for the points of the curve, and the frames of its neighbors.
 */
import { depthOf, probeNames } from "../../../store/lookups";
import type { Store } from "../../../store/store";
import { h, setAttribute } from "../../parts/dom";
import type { ViewContext } from "../../parts/view";
import { createFilmFrame, type FilmFrame } from "./film_frame";
import type { Shown } from "./shown";
import { isShownSide } from "./side_notes";

export interface FilmRow {
  readonly element: HTMLElement;
  readonly frames: readonly FilmFrame[];
  /** Draw `columns` neighbors from a place on; `active` is the place that Tab goes to, if it is in this row. */
  show(shown: Shown, from: number, columns: number, active: number | null): void;
  /** The vote, whether it is settled here, and whether the map shows this probe. */
  mark(shown: Shown): void;
}

export function createFilmRow(context: ViewContext, probe: number): FilmRow {
  const { store } = context;
  const name = store.manifest.probes[probe] ?? "";
  const title = h(
    "span",
    { class: "film-name" },
    h("span", { class: "name" }, probeNames(store)[probe] ?? name),
  );
  const strip = h("div", { class: "film-strip" });
  const frames: FilmFrame[] = [];
  const attributes = { class: "film-row", role: "group", "data-probe-row": probe };
  const element = h("div", attributes, title, h("span", { class: "curve-space" }), strip);

  return {
    element,
    frames,
    show(shown, from, columns, active) {
      for (let column = frames.length; column < columns; column++) {
        const frame = createFilmFrame(context, probe);
        frames.push(frame);
        strip.append(frame.element);
      }
      frames.forEach((frame, column) => {
        const place = from + column;
        const neighbor = column < columns ? shown.neighbors[probe]?.[place] : undefined;
        frame.show(neighbor, place, shown);
        setAttribute(frame.element, "tabindex", place === active ? 0 : -1);
      });
    },
    mark(shown) {
      const { index } = shown;
      const depth = isShownSide(store, shown) ? depthOf(store, index) : undefined;
      const settled = depth !== undefined && probe >= depth;
      const last = probe === store.manifest.probes.length - 1;
      const never = last && depth !== undefined && depth > probe;
      setAttribute(element, "data-settled", settled);
      setAttribute(element, "data-decided", depth === probe);
      setAttribute(element, "data-undecided", never);
      setAttribute(element, "data-current", probe === Math.round(store.probe));
      const vote = voteAt(store, probe, index);
      const word = depth === probe ? "settled from here on" : never ? "never settled" : "";
      const texts = [name, vote && `vote ${vote}`, word];
      setAttribute(element, "aria-label", texts.filter((part) => part !== "").join(", "));
      setAttribute(title, "title", element.getAttribute("aria-label") ?? "");
    },
  };
}

export function voteAt(store: Store, probe: number, index: number): string {
  const vote = store.parts.votes?.[probe * store.manifest.count + index];
  return vote === undefined ? "" : (store.manifest.classes[vote] ?? "–");
}
