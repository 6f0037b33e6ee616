/**
 * Bins: the codes by which a column of numbers is counted, made once for each column.
 *
 * Whole numbers that span little get a bin each; others get about forty of a round width. Where a few values lie
 * far out, the axis covers the rest and its end bins take what is beyond, infinities too. Missing values have a
 * code of their own, the last.
 */
import type { Coded } from "./filters";

export interface Bins extends Coded {
  /** Number of bins without that of missing values. */
  readonly bins: number;
  /** Where the first bin begins and how wide each is. */
  readonly low: number;
  readonly width: number;
  /** A bin is a whole number: the axis runs from half below the first to half above the last. */
  readonly whole: boolean;
  /** Values lie beyond this end. */
  readonly cutsLow: boolean;
  readonly cutsHigh: boolean;
  readonly missing: number;
}

const MOST = 48;
const SAMPLE = 20_000;
/** Ends are cut where without them the rest is at least this much narrower. */
const WORTH_A_CUT = 2.5;

interface Extent {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly missing: number;
  readonly infinite: readonly [low: boolean, high: boolean];
}

export function binNumbers(values: Float32Array): Bins {
  const extent = measure(values);
  const { low, high } = axisOf(values, extent);
  const whole = extent.whole && high - low < MOST;
  const width = whole ? 1 : roundWidth(high - low, extent.whole);
  const start = whole ? low : tidy(Math.floor(low / width + 1e-6) * width);
  const known = values.length > extent.missing;
  const bins = known ? Math.max(1, Math.ceil((high - start) / width - 1e-6 + Number(whole))) : 0;
  return {
    codes: encode(values, start, width, bins),
    size: bins + 1,
    bins,
    low: start,
    width,
    whole,
    cutsLow: extent.infinite[0] || extent.least < low,
    cutsHigh: extent.infinite[1] || extent.most > high,
    missing: extent.missing,
  };
}

/** A number without the dust of binary fractions. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function measure(values: Float32Array): Extent {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  let whole = true;
  let missing = 0;
  const infinite: [boolean, boolean] = [false, false];
  for (const value of values) {
    if (Number.isNaN(value)) missing++;
    else if (!Number.isFinite(value)) infinite[value < 0 ? 0 : 1] = true;
    else {
      if (value < least) least = value;
      if (value > most) most = value;
      if (whole && value % 1 !== 0) whole = false;
    }
  }
  return { least, most, whole, missing, infinite };
}

function axisOf(values: Float32Array, { least, most, whole }: Extent) {
  if (least > most) return { low: 0, high: 0 };
  if (whole && most - least < MOST) return { low: least, high: most };
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const sample = values.filter((value, i) => i % stride === 0 && Number.isFinite(value)).sort();
  const at = (share: number) => sample[Math.round(share * (sample.length - 1))] ?? least;
  const [low, high] = [at(0.005), at(0.995)];
  const isWorth = high > low && most - least > WORTH_A_CUT * (high - low);
  return isWorth ? { low, high } : { low: least, high: most };
}

/** The smallest of 1, 2, 2.5, 5, 10, … that makes few enough bins. */
function roundWidth(span: number, whole: boolean): number {
  if (!(span > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(span / MOST));
  const steps = [1, 2, 2.5, 5, 10, 20].map((step) => tidy(step * power));
  const fits = steps.filter((step) => span / step <= MOST - 1 && (!whole || step % 1 === 0));
  return fits[0] ?? span / MOST;
}

function encode(values: Float32Array, low: number, width: number, bins: number): Uint8Array {
  const codes = new Uint8Array(values.length);
  const last = Math.max(0, bins - 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    // A float32 may lie a hair below the edge that it was written for.
    const bin = Math.floor((value - low) / width + 1e-6);
    codes[i] = Number.isNaN(value) ? bins : Math.min(last, Math.max(0, bin));
  }
  return codes;
}
