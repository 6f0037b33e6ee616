/**
 * One row of the film strip: the probe's name and vote, and the frames of its neighbors.
 */
import { depthOf } from "../../../store/lookups";
import type { Store } from "../../../store/store";
import { h, setAttribute, setText } from "../../parts/dom";
import type { ViewContext } from "../../parts/view";
import { codeOf } from "../agreement_line";
import { createFilmFrame, type FilmFrame, type FocusedExample, FRAME } from "./film_frame";

export interface FilmRow {
  readonly element: HTMLElement;
  /** The frames that exist, nearest first. */
  readonly frames: readonly FilmFrame[];
  /** Draw the neighbors up to a place; `active` is the place that Tab goes to, if it is in this row. */
  show(
    neighbors: readonly number[],
    example: FocusedExample,
    upTo: number,
    active: number | null,
  ): void;
  /** The vote, whether it is settled here, and whether the map shows this probe. */
  mark(index: number): void;
}

export function createFilmRow(context: ViewContext, probe: number, k: number): FilmRow {
  const { store } = context;
  const name = store.manifest.probes[probe] ?? "";
  const vote = h("span", { class: "vote" });
  const title = h("span", { class: "film-name" }, h("span", { class: "name" }, name), vote);
  const strip = h("div", { class: "film-strip" });
  const frames: FilmFrame[] = [];
  strip.style.minWidth = `${k * FRAME}px`;
  const attributes = { class: "film-row", role: "group", "data-probe-row": probe };
  const element = h("div", attributes, title, strip);

  return {
    element,
    frames,
    show(neighbors, example, upTo, active) {
      for (let place = frames.length; place < Math.min(upTo, neighbors.length); place++) {
        const frame = createFilmFrame(context, probe, place);
        frames.push(frame);
        strip.append(frame.element);
      }
      frames.forEach((frame, place) => {
        frame.show(neighbors[place], example);
        setAttribute(frame.element, "tabindex", place === active ? 0 : -1);
      });
    },
    mark(index) {
      const { text, agrees } = voteOf(store, probe, index);
      const depth = depthOf(store, index);
      const decided = depth === probe;
      const last = probe === store.manifest.probes.length - 1;
      const undecided = last && depth !== undefined && depth > probe;
      setText(vote, text === "" ? "" : `${agrees ? "●" : "✕"} ${text}`);
      setAttribute(element, "data-agrees", String(agrees));
      setAttribute(element, "data-decided", decided);
      setAttribute(element, "data-undecided", undecided);
      setAttribute(element, "data-current", probe === Math.round(store.probe));
      const settled = decided ? "decided from here on" : undecided ? "undecided" : "";
      const texts = [name, text && `vote ${text}`, settled];
      setAttribute(element, "aria-label", texts.filter((part) => part !== "").join(", "));
      setAttribute(title, "title", element.getAttribute("aria-label") ?? "");
    },
  };
}

function voteOf(store: Store, probe: number, index: number): { text: string; agrees: boolean } {
  const { count, classes } = store.manifest;
  const vote = store.parts.votes?.[probe * count + index];
  if (vote === undefined) return { text: "", agrees: false };
  return { text: classes[vote] ?? "–", agrees: vote === codeOf(store, "prediction", index) };
}
