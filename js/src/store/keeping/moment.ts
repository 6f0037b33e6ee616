/**
 * A moment of a view, its state and its selection, and how it is kept: in an address, in a browser, with a study.
 *
 * What was kept may be damaged or forged by whoever had it, so it is read as any text is.
 */
import { fromBase64, toBase64 } from "../base64";
import { packMask, unpackMask } from "../masks";
import { indicesOf } from "../selection";

export interface Moment {
  readonly state: Readonly<Record<string, unknown>>;
  /** One bit an example, the first lowest. */
  readonly selection: Uint8Array;
}

export interface KeptMoment {
  readonly state: Readonly<Record<string, unknown>>;
  /** The bits in base64, or the numbers of the examples: whichever is shorter. */
  readonly selection?: string | readonly number[];
}

export function keepMoment({ state, selection }: Moment): KeptMoment {
  const bits = toBase64(selection);
  const numbers = [...indicesOf(unpackMask(selection, 8 * selection.length))];
  return { state, selection: String(numbers).length <= bits.length ? numbers : bits };
}

/** Read what was kept of a view of `count` examples; null where it is nothing of that kind. */
export function readMoment(raw: unknown, count: number): Moment | null {
  if (!isRecord(raw) || !isRecord(raw.state)) return null;
  return { state: raw.state, selection: readBits(raw.selection, count) };
}

function readBits(raw: unknown, count: number): Uint8Array {
  if (typeof raw === "string") return fromBase64(raw);
  const flags = new Uint8Array(count);
  for (const index of Array.isArray(raw) ? raw : []) if (Number.isInteger(index)) flags[index] = 1;
  return packMask(flags);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
