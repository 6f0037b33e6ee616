/**
 * The film strip: one row a probe, and in it the training examples nearest to the one in focus, nearest first.
 *
 * Each is marked by shape and color: whether its label is the prediction, and, where that is another class, whether it is the
 * given label. One of them is a step away: a click or Enter goes there. Only frames in sight are drawn, so a wide strip costs no
 * more than a narrow one, and fetches no pictures that nobody sees.
 */
import { blockName, neighborsOf } from "../store/details";
import { codeOf } from "./agreement_line";
import { describe } from "./describe";
import { closest, h, setAttribute, setText } from "./dom";
import { createFilmFrame, type FilmFrame, FRAME } from "./film_frame";
import type { Pieces } from "./pieces";
import { anyOf, type Stage, type View } from "./stage";

const SPARE = 2;

interface Row {
  readonly element: HTMLElement;
  readonly strip: HTMLElement;
  readonly vote: HTMLElement;
  readonly frames: FilmFrame[];
}

export function createFilm(stage: Stage, pieces: Pieces): View {
  const { store, signal } = stage;
  const { probes, details } = store.manifest;
  const k = details.neighbors?.k ?? 0;
  const rows = probes.map((name, probe) => createRow(name, probe, k));
  const list = h("div", { class: "film-rows" }, ...rows.map((row) => row.element));
  const hint = h("p", { class: "hint" });
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
    const any = found.some((neighbors) => neighbors.length > 0);
    list.hidden = !any;
    hint.hidden = any;
    const reason = piece.state === "absent" ? piece.reason : "";
    if (piece.state === "loading") setText(hint, "Loading the neighbors …");
    else setText(hint, reason || "This page does not carry the neighbors of this example.");
  }

  /** Frames of a row exist up to the last that has been in sight. */
  function paint(): void {
    const { focus } = store;
    if (focus === null || list.hidden) return;
    const last = Math.ceil((list.scrollLeft + list.clientWidth) / FRAME) + SPARE;
    const mind = { index: focus, label: codeOf(store, "label", focus) };
    const prediction = codeOf(store, "prediction", focus);
    rows.forEach((row, probe) => {
      const neighbors = found[probe] ?? [];
      for (let place = row.frames.length; place < Math.min(last, neighbors.length); place++) {
        const frame = createFilmFrame(stage, probe, place);
        row.frames.push(frame);
        row.strip.append(frame.element);
      }
      row.frames.forEach((frame, place) => {
        const neighbor = neighbors[place];
        frame.show(neighbor, { ...mind, prediction });
        const [activeProbe, activePlace] = active;
        setAttribute(
          frame.element,
          "tabindex",
          probe === activeProbe && place === activePlace ? 0 : -1,
        );
      });
      paintVote(row, probe, focus);
    });
    paintLegend(mind.label !== undefined && mind.label !== prediction);
  }

  function paintVote(row: Row, probe: number, index: number): void {
    const { count, classes } = store.manifest;
    const vote = store.parts.votes?.[probe * count + index];
    const agrees = vote !== undefined && vote === codeOf(store, "prediction", index);
    setText(row.vote, vote === undefined ? "" : `${agrees ? "●" : "✕"} ${classes[vote] ?? "–"}`);
    setAttribute(row.element, "data-agrees", String(agrees));
    setAttribute(row.element, "data-current", probe === Math.round(store.probe));
  }

  function paintLegend(two: boolean): void {
    const of = store.focus === null ? null : describe(store, store.focus);
    const label = two ? ` ◆ label ${of?.label ?? ""}` : "";
    setText(legend, `● has the predicted class  ✕ has another${label}`);
  }

  /** Arrows walk the frames; the strip is one stop of the Tab key. */
  function walk(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const probe = Math.min(rows.length - 1, Math.max(0, active[0] + move[0]));
    const most = (found[probe]?.length ?? 1) - 1;
    active = [probe, Math.max(0, Math.min(most, active[1] + move[1]))];
    const left = active[1] * FRAME;
    if (left < list.scrollLeft) list.scrollLeft = left;
    const over = left + FRAME - list.scrollLeft - list.clientWidth + NAME;
    if (over > 0) list.scrollLeft += over;
    paint();
    rows[probe]?.frames[active[1]]?.element.focus({ preventScroll: true });
  }

  list.addEventListener("keydown", walk, { signal });
  list.addEventListener("scroll", paint, { signal, passive: true });
  list.addEventListener(
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
  list.addEventListener(
    "pointerover",
    (event) => {
      const frame = closest(event, "[data-neighbor]");
      const place = [Number(frame?.dataset.probe), Number(frame?.dataset.place)] as const;
      store.setHighlight(frame ? (found[place[0]]?.[place[1]] ?? null) : null);
    },
    { signal },
  );
  list.addEventListener("pointerleave", () => store.setHighlight(null), { signal });

  return {
    element,
    update(changed) {
      element.hidden = store.focus === null || k === 0;
      if (element.hidden || store.focus === null) return;
      if (changed.has("focus")) list.scrollLeft = 0;
      if (!anyOf(changed, "focus", "parts", "tiles", "size", "theme", "probe")) return;
      read(store.focus);
      paint();
    },
  };
}

const NAME = 84;

const MOVES: Readonly<Record<string, readonly [probe: number, place: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -1e6],
  End: [0, 1e6],
};

function createRow(name: string, probe: number, k: number): Row {
  const vote = h("span", { class: "vote" });
  const title = h(
    "span",
    { class: "film-name", title: name },
    h("span", { class: "name" }, name),
    vote,
  );
  const strip = h("div", { class: "film-strip" });
  strip.style.minWidth = `${k * FRAME}px`;
  const attributes = {
    class: "film-row",
    role: "group",
    "aria-label": name,
    "data-probe-row": probe,
  };
  return { element: h("div", attributes, title, strip), strip, vote, frames: [] };
}
