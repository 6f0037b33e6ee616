/**
 * The film strip: one row a probe, and in it the training examples nearest to the one in focus, nearest first.
 *
 * Each is marked by shape and color: whether its label is the prediction, and, where that is another class, whether it is the
 * given label. One of them is a step away: a click or Enter goes there. Only frames in sight are drawn, so a wide strip costs no
 * more than a narrow one, and fetches no pictures that nobody sees.
 */
import { blockName, neighborsOf } from "../../../store/details";
import { describe } from "../../parts/description";
import { closest, h, hasFocus, keepFocus, setAttribute, setText } from "../../parts/dom";
import { on } from "../../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../../parts/view";
import { codeOf } from "../agreement_line";
import type { Pieces } from "../detail_cache";
import { FRAME, type Mind } from "./film_frame";
import { createFilmRow } from "./film_row";

const SPARE = 2;
const NAME = 84;
/** More rows than these get a scroll of their own. */
const MOST_ROWS = 12;

const MOVES: Readonly<Record<string, readonly [probe: number, place: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -1e6],
  End: [0, 1e6],
};

export function createFilm(context: ViewContext, pieces: Pieces): View {
  const { store, signal } = context;
  const { probes, details } = store.manifest;
  const k = details.neighbors?.k ?? 0;
  const rows = probes.map((_, probe) => createFilmRow(context, probe, k));
  const tall = rows.length > MOST_ROWS;
  const list = h(
    "div",
    { class: "film-rows", "data-tall": tall },
    ...rows.map((row) => row.element),
  );
  const hint = h("p", { class: "hint", tabindex: -1 });
  const legend = h("p", { class: "hint film-legend" });
  const heading = h("h3", {}, "Nearest training examples");
  const element = h(
    "section",
    { class: "film", "data-depthviz-film": true, "aria-label": "Nearest training examples" },
    ...[heading, legend, hint, list],
  );
  let found: readonly (readonly number[])[] = [];
  let active: readonly [probe: number, place: number] = [0, 0];

  function read(index: number): void {
    const info = details.neighbors;
    if (!info) return;
    const piece = pieces.get(blockName("neighbors", index, info.per_block));
    found = piece.state === "ready" ? neighborsOf(store.manifest, piece.bytes, index) : [];
    if (piece.state === "loading") putAway("Loading the neighbors …");
    else if (found.some((neighbors) => neighbors.length > 0)) list.hidden = false;
    else {
      const reason = piece.state === "absent" ? piece.reason : "";
      const missing = "This page does not carry the neighbors of this example.";
      putAway(reason ? "The neighbors were not loaded." : missing);
    }
  }

  /** A part that goes takes the keyboard along, and keys would be the notebook's: the words take it over. */
  function putAway(why: string): void {
    setText(hint, why);
    hint.hidden = false;
    if (!list.hidden && hasFocus(list)) hint.focus({ preventScroll: true });
    list.hidden = true;
  }

  function bringBack(): void {
    if (hint.hidden) return;
    if (hasFocus(hint)) focusActive();
    if (hasFocus(hint)) keepFocus(hint);
    hint.hidden = true;
  }

  /** Frames of a row exist up to the last that has been in sight. */
  function paint(): void {
    const { focus } = store;
    legend.hidden = list.hidden;
    if (focus === null || list.hidden) return;
    settleActive();
    const last = Math.ceil((list.scrollLeft + list.clientWidth) / FRAME) + SPARE;
    const mind: Mind = {
      index: focus,
      label: codeOf(store, "label", focus),
      prediction: codeOf(store, "prediction", focus),
    };
    rows.forEach((row, probe) => {
      row.mark(focus);
      if (!isInSight(probe)) return;
      const place = probe === active[0] ? active[1] : null;
      row.show(found[probe] ?? [], mind, Math.max(last, (place ?? 0) + 1), place);
    });
    paintLegend(mind);
  }

  function isInSight(probe: number): boolean {
    if (!tall || probe === active[0]) return true;
    const top = probe * FRAME - list.scrollTop;
    return top > -SPARE * FRAME && top < list.clientHeight + SPARE * FRAME;
  }

  function paintLegend({ index, label, prediction }: Mind): void {
    const of = describe(store, index);
    const { classes } = store.manifest;
    const predicted = prediction === undefined ? "" : (classes[prediction] ?? "");
    const texts =
      prediction === undefined
        ? ["no prediction to compare with"]
        : [`● labeled ${predicted}, as predicted`, "✕ another label"];
    if (label !== undefined && label !== prediction) texts.push(`◆ labeled ${of.label}, as given`);
    const unlabeled = (neighbor: number) => codeOf(store, "label", neighbor) === undefined;
    const some = found.some((neighbors) => neighbors.some(unlabeled));
    if (some && prediction !== undefined) texts.push("? no label");
    const said = texts.join("  ");
    if (legend.textContent === texts.join("")) return;
    legend.replaceChildren(...texts.map((text) => h("span", { class: "key" }, text)));
    setAttribute(legend, "title", said);
  }

  /** Tab always finds a frame, also where a row has fewer neighbors than the one before. */
  function settleActive(): void {
    const has = (probe: number) => (found[probe]?.length ?? 0) > 0;
    const probe = has(active[0]) ? active[0] : rows.findIndex((_, i) => has(i));
    const most = (found[probe]?.length ?? 1) - 1;
    active = [Math.max(0, probe), Math.max(0, Math.min(most, active[1]))];
  }

  function focusActive(): void {
    rows[active[0]]?.frames[active[1]]?.element.focus({ preventScroll: true });
  }

  /** Arrows walk the frames; the strip is one stop of the Tab key. */
  function walk(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const probe = Math.min(rows.length - 1, Math.max(0, active[0] + move[0]));
    if (!found[probe]?.length) return;
    active = [probe, Math.max(0, active[1] + move[1])];
    settleActive();
    const left = active[1] * FRAME;
    if (left < list.scrollLeft) list.scrollLeft = left;
    const over = left + FRAME - list.scrollLeft - list.clientWidth + NAME;
    if (over > 0) list.scrollLeft += over;
    paint();
    focusActive();
    rows[probe]?.element.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }

  /** Another example: its nearest neighbors come first, and the keyboard goes with them. */
  function startAgain(): void {
    list.scrollLeft = 0;
    active = [active[0], 0];
  }

  function keepCurrentInSight(): void {
    const top = Math.round(store.probe) * FRAME;
    const outside = top < list.scrollTop || top + FRAME > list.scrollTop + list.clientHeight;
    if (tall && outside) list.scrollTop = top - (list.clientHeight - FRAME) / 2;
  }

  on(list, "keydown", walk, { signal });
  on(list, "scroll", paint, { signal, passive: true });
  on(
    list,
    "click",
    (event) => {
      const frame = closest(event, "[data-neighbor]");
      if (!frame) return;
      active = [Number(frame.dataset.probe), Number(frame.dataset.place)];
      const neighbor = found[active[0]]?.[active[1]];
      if (neighbor !== undefined) store.setFocus(neighbor);
    },
    { signal },
  );
  on(
    list,
    "pointerover",
    (event) => {
      const frame = closest(event, "[data-neighbor]");
      const place = [Number(frame?.dataset.probe), Number(frame?.dataset.place)] as const;
      store.setHighlight(frame ? (found[place[0]]?.[place[1]] ?? null) : null);
    },
    { signal },
  );
  on(list, "pointerleave", () => store.setHighlight(null), { signal });

  let focused: number | null = null;
  let current = -1;

  paintOnChange(context, () => {
    const { focus, probe } = store;
    context.layout.value;
    element.hidden = focus === null || k === 0;
    if (element.hidden || focus === null) return;
    const another = focus !== focused;
    const walking = another && hasFocus(list);
    focused = focus;
    if (another) startAgain();
    read(focus);
    if (probe !== current) keepCurrentInSight();
    current = probe;
    paint();
    if (walking) focusActive();
    if (!list.hidden) bringBack();
  });
  return { element };
}
