/**
 * How examples look in the map: a color and a shape for each, and the legend that explains them.
 *
 * Arrays in, arrays out. Numbers are spread over their 1 % to 99 % quantiles, so that one outlier does not paint everything
 * else alike; the legend says where it cuts.
 */
import { type CodeColumn, formatNumber, type NumberColumn } from "../../store/columns";
import { DEPTHS } from "../../store/depths";
import { VOTE_COLOR } from "../../store/look";
import type { Store } from "../../store/store";
import { css, type Mark, markOfCode, missingMark, viridis } from "../parts/palette";
import type { ThemeName } from "../parts/view";

export interface LegendItem {
  readonly name: string;
  readonly mark: Mark;
}

export type Legend =
  | { readonly kind: "codes"; readonly title: string; readonly items: readonly LegendItem[] }
  | {
      readonly kind: "scale";
      readonly title: string;
      readonly low: string;
      readonly high: string;
      readonly stops: readonly string[];
      /** How a missing value looks, where there is one. */
      readonly missing: Mark | null;
    };

export interface Encoding {
  /** Shape (N, 3). */
  readonly rgb: Uint8Array;
  /** Shape (N,). */
  readonly shapes: Uint8Array;
  readonly legend: Legend;
  /** The item of the legend that each example is drawn as, where it has such items; shape (N,). */
  readonly codes: Uint8Array | Uint16Array | null;
}

/** Encode all examples by the color that is chosen in the store. */
export function encode(store: Store, theme: ThemeName): Encoding {
  const column = store.columns.get(store.color);
  if (column?.type === "code") {
    return encodeCodes(column.codes, column.names, column.info.title, theme);
  }
  if (column?.type === "number") return encodeNumbers(column, store, theme);
  if (store.color === VOTE_COLOR && store.parts.votes) return encodeVotes(store, theme);
  return encodeCodes(labels(store), store.manifest.classes, "Label", theme);
}

/** The winning classes at the probe that is nearest to the slider, shape (N,). */
export function votesNow(store: Store): Uint16Array | undefined {
  const { count } = store.manifest;
  const row = Math.round(store.probe);
  return store.parts.votes?.subarray(row * count, (row + 1) * count);
}

function encodeVotes(store: Store, theme: ThemeName): Encoding {
  const title = `Vote at ${store.manifest.probes[Math.round(store.probe)] ?? ""}`;
  return encodeCodes(votesNow(store) ?? labels(store), store.manifest.classes, title, theme);
}

function labels(store: Store): Uint8Array | Uint16Array {
  return (store.columns.get("label") as CodeColumn).codes;
}

function encodeCodes(
  codes: Uint8Array | Uint16Array,
  names: readonly string[],
  title: string,
  theme: ThemeName,
): Encoding {
  const marks = names.map((_, code) => markOfCode(code, names, theme));
  const missing = missingMark(theme);
  let anyMissing = false;
  const encoding = paint(codes.length, (i) => {
    const mark = marks[codes[i] ?? -1];
    anyMissing ||= !mark;
    return mark ?? missing;
  });
  const items = names.map((name, code) => ({ name, mark: marks[code] ?? missing }));
  if (anyMissing) items.push({ name: "missing", mark: missing });
  return { ...encoding, codes, legend: { kind: "codes", title, items } };
}

function encodeNumbers(column: NumberColumn, store: Store, theme: ThemeName): Encoding {
  const { info, values } = column;
  const span = DEPTHS.includes(info.name) ? depthSpan(store) : quantileSpan(values);
  return encodeScale(values, span, { title: info.title, integer: info.integer }, theme);
}

/** Encode numbers by their place between two ends. */
export function encodeScale(
  values: Float32Array,
  span: Span,
  { title, integer }: { readonly title: string; readonly integer: boolean | undefined },
  theme: ThemeName,
): Encoding {
  const missing = missingMark(theme);
  const ramp = Array.from({ length: 256 }, (_, i) => viridis(i / 255, theme));
  let anyMissing = false;
  const encoding = paint(values.length, (i) => {
    const share = ((values[i] ?? Number.NaN) - span.low) / (span.high - span.low || 1);
    anyMissing ||= Number.isNaN(share);
    if (Number.isNaN(share)) return missing;
    const color = ramp[Math.round(Math.min(1, Math.max(0, share)) * 255)] ?? missing.color;
    return { color, shape: 0 };
  });
  const stops = Array.from({ length: 11 }, (_, i) => css(viridis(i / 10, theme)));
  const low = (span.cutsLow ? "≤ " : "") + formatNumber(span.low, integer);
  const high = (span.cutsHigh ? "≥ " : "") + formatNumber(span.high, integer);
  const shown = anyMissing ? missing : null;
  return {
    ...encoding,
    codes: null,
    legend: { kind: "scale", title, low, high, stops, missing: shown },
  };
}

export interface Span {
  readonly low: number;
  readonly high: number;
  readonly cutsLow: boolean;
  readonly cutsHigh: boolean;
}

function depthSpan(store: Store): Span {
  return { low: 0, high: store.manifest.probes.length, cutsLow: false, cutsHigh: false };
}

function quantileSpan(values: Float32Array): Span {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  if (sorted.length === 0) return { low: NaN, high: NaN, cutsLow: false, cutsHigh: false };
  const [least, low, high, most] = [at(0), at(0.01), at(0.99), at(1)];
  if (low === high) return { low: least, high: most, cutsLow: false, cutsHigh: false };
  return { low, high, cutsLow: low > least, cutsHigh: high < most };
}

function paint(count: number, markAt: (index: number) => Mark) {
  const rgb = new Uint8Array(count * 3);
  const shapes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const { color, shape } = markAt(i);
    rgb[3 * i] = color[0];
    rgb[3 * i + 1] = color[1];
    rgb[3 * i + 2] = color[2];
    shapes[i] = shape;
  }
  return { rgb, shapes };
}
