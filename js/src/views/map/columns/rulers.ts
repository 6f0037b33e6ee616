/**
 * The axes of two columns over the points: a line at a few values, what they are, and what is measured.
 *
 * They follow zoom and shift, and where an axis leaves the picture its numbers stay at the edge.
 */

import type { Scatter } from "../../../scatter";
import { tidy } from "../../../store/filters/bins";
import { exactNumber } from "../../../store/filters/filter_words";
import { clamp } from "../../parts/axis";
import { svg } from "../../parts/dom";
import { type ColumnPlaces, END, placeOn, type Ruler, START } from "./places";

/** From one number to the next; whole ones are short. */
const TICK_PX = 80;
const WHOLE_PX = 40;
/** Room for the numbers and the name of an axis. */
const LEFT_PX = 46;
const BOTTOM_PX = 34;
const LINE_PX = 14;

/** Returns what draws them over the points, which have just been drawn. */
export function createRulers(ground: HTMLElement, scatter: Scatter) {
  const drawing = svg("svg", { class: "axis-lines", "aria-hidden": "true" });
  ground.append(drawing);
  return (places: ColumnPlaces | null) => {
    drawing.replaceChildren(...(places ? draw(places.rulers, scatter) : []));
  };
}

function draw([across, up]: readonly [Ruler, Ruler], scatter: Scatter): SVGElement[] {
  const { width, height } = scatter.measures;
  const [start, end] = [scatter.onScreen({ x: START, y: START }), scatter.onScreen(CORNER)];
  const left = clamp(start.x, LEFT_PX, width);
  const bottom = clamp(start.y, 0, height - BOTTOM_PX);
  const [right, top] = [Math.min(end.x, width), Math.max(end.y, LINE_PX)];
  if (right <= left || top >= bottom) return [];
  const column = (value: number) => scatter.onScreen({ x: placeOn(across, value), y: 0 }).x;
  const row = (value: number) => scatter.onScreen({ x: 0, y: placeOn(up, value) }).y;
  const columns = ticksOf(across, column, left, right);
  const rows = ticksOf(up, row, top, bottom);
  const lines = [
    ...columns.map(([x]) => `M${round(x)} ${top}V${bottom}`),
    ...rows.map(([y]) => `M${left} ${round(y)}H${right}`),
  ];
  return [
    svg("path", { d: lines.join("") }),
    svg("path", { class: "base", d: `M${left} ${top}V${bottom}H${right}` }),
    ...columns.map(([x, text]) => write(x, bottom + LINE_PX, "middle", text)),
    ...rows.map(([y, text]) => write(left - 6, y + 4, "end", text)),
    write(
      Math.min(right, width - 4),
      bottom + 2 * LINE_PX + 1,
      "end",
      `${across.title} →`,
      "axis-name",
    ),
    write(left, top - 5, "start", `↑ ${up.title}`, "axis-name"),
  ];
}

const CORNER = { x: END, y: END };

/** Ticks between two pixels, each with its own and its text; an end that stands for what lies beyond says so. */
function ticksOf(ruler: Ruler, pixelOf: (value: number) => number, from: number, to: number) {
  const { least, most, whole, cutsLow, cutsHigh } = ruler;
  const scale = (pixelOf(most) - pixelOf(least)) / (most - least) || 1;
  const [a, b] = [from, to].map((pixel) => least + (pixel - pixelOf(least)) / scale);
  const [low, high] = [Math.min(a as number, b as number), Math.max(a as number, b as number)];
  const step = stepOf(((high - low) * (whole ? WHOLE_PX : TICK_PX)) / (to - from), whole);
  const values: (readonly [value: number, sign: string])[] = [];
  for (let i = Math.ceil(low / step - 1e-6); i * step <= high + step * 1e-6; i++) {
    const value = tidy(i * step);
    const nearEnd = (cutsLow && value < least + step / 2) || (cutsHigh && value > most - step / 2);
    if (value >= least - 1e-6 * step && value <= most + 1e-6 * step && !nearEnd)
      values.push([value, ""]);
  }
  if (cutsLow && least >= low) values.push([least, "≤ "]);
  if (cutsHigh && most <= high) values.push([most, "≥ "]);
  return values.map(([value, sign]) => [pixelOf(value), sign + exactNumber(tidy(value))] as const);
}

/** The least of 1, 2, 5, 10, … that is not less. */
export function stepOf(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5].map((times) => tidy(times * power)).find((one) => one >= least);
  return Math.max(step ?? tidy(10 * power), Number(whole));
}

function write(x: number, y: number, anchor: string, text: string, name?: string) {
  const words = svg("text", { x: round(x), y: round(y), "text-anchor": anchor, class: name });
  words.append(text);
  return words;
}

function round(pixel: number): number {
  return Math.round(pixel) + 0.5;
}
