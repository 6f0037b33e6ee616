/**
 * The mirrored film strips of two examples: nearest neighbors toward the middle, where probe and votes stand.
 */
import type { Curve } from "../../../store/details/evidence";
import { probeNames } from "../../../store/lookups";
import { closest, h, setAttribute, setText } from "../../parts/dom";
import { isWorded } from "../../parts/excerpts/excerpt";
import { on } from "../../parts/interaction";
import { roveTabindex } from "../../parts/roving_tabindex";
import type { ViewContext } from "../../parts/view";
import { colorByClass, lineOf } from "../answer/roles";
import { nameOf } from "../answer/sentence";
import { createFilmFrame, type FilmFrame } from "../film/film_frame";
import { measureHalf } from "../film/measures";
import type { Shown } from "../film/shown";

const MIDDLE = 240;
const NARROW = 720;

export interface CompareRows {
  readonly element: HTMLElement;
  paint(pair: readonly [Shown, Shown], free: number): void;
}

export function createCompareRows(context: ViewContext): CompareRows {
  const { store, signal } = context;
  const k = store.manifest.details.neighbors?.k ?? 0;
  const rows = store.manifest.probes.map((name, probe) => createRow(context, name, probe));
  const element = h("div", { class: "compare-rows" }, ...rows.map((row) => row.element));
  const roving = roveTabindex(element, signal);
  on(
    element,
    "click",
    (event) => {
      const frame = closest(event, "[data-neighbor]");
      if (frame) store.compareWith(Number(frame.dataset.neighbor));
      const row = closest(event, ".compare-middle")?.closest<HTMLElement>("[data-probe-row]");
      if (row) store.setProbe(Number(row.dataset.probeRow));
    },
    signal,
  );
  return {
    element,
    paint(pair, free) {
      const narrow = element.clientWidth < NARROW;
      const half = narrow ? element.clientWidth / 2 : (element.clientWidth - MIDDLE) / 2;
      const height = narrow ? 48 * rows.length : free;
      const space = { width: half, height, worded: isWorded(context) };
      const { row, columns } = measureHalf(space, rows.length, k);
      element.style.setProperty("--dv-film-row", `${row}px`);
      element.style.setProperty("--dv-film-columns", `${columns}`);
      for (const each of rows) each.paint(pair, columns);
      roving.refresh();
    },
  };
}

function createRow(context: ViewContext, name: string, probe: number) {
  const { store } = context;
  const strips = [
    h("div", { class: "film-strip mirrored" }),
    h("div", { class: "film-strip" }),
  ] as const;
  const frames: FilmFrame[][] = [[], []];
  const bars = [0, 1].map(() => h("div", { class: "compare-bars", "aria-hidden": "true" }));
  const shared = h("span", { class: "note" });
  const title = h(
    "span",
    { class: "compare-name" },
    h("span", { class: "name", title: name }, probeNames(store)[probe] ?? name),
    shared,
  );
  const middle = h(
    "div",
    { class: "compare-middle" },
    ...bars.slice(0, 1),
    title,
    ...bars.slice(1),
  );
  const element = h("div", { class: "compare-row", role: "group", "data-probe-row": probe });
  setAttribute(element, "aria-label", name);
  element.append(strips[0], middle, strips[1]);

  return {
    element,
    paint(pair: readonly [Shown, Shown], columns: number) {
      setAttribute(element, "data-current", probe === Math.round(store.probe));
      const count = pair[0].shared?.[probe]?.size ?? 0;
      setText(shared, count > 0 ? `${count} shared` : "");
      pair.forEach((shown, side) => {
        const list = frames[side] as FilmFrame[];
        while (list.length < columns) {
          const frame = createFilmFrame(context, probe);
          list.push(frame);
          strips[side]?.append(frame.element);
        }
        list.forEach((frame, place) => {
          const near = place < columns ? shown.neighbors[probe]?.[place] : undefined;
          frame.show(near, place, shown);
        });
        bars[side]?.replaceChildren(
          ...[...shown.evidence.curves].reverse().map((curve) => barOf(context, curve, probe)),
        );
      });
    },
  };
}

/** How many neighbors carry a class, as a bar. */
function barOf(context: ViewContext, { code, roles, shares }: Curve, probe: number): HTMLElement {
  const bar = h("span", { class: "compare-bar", "data-role": lineOf(roles) });
  const { k } = context.store.manifest;
  const share = shares[probe] ?? 0;
  bar.style.width = `${100 * share}%`;
  bar.title = `${nameOf(context.store, code)} ${Math.round(share * k)} of ${k}`;
  colorByClass(bar, context, code);
  return bar;
}
