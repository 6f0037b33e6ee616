/**
 * Instants, to the microsecond as Python has them: numbers since 1970, which a double holds exactly, and text of ISO 8601.
 */

/** Microseconds since 1970 in UTC; NaN where the text is no instant. */
export function instantOf(time: string): number {
  const [, whole, fraction = "", zone] = PARTS.exec(time) ?? [];
  if (whole === undefined) return Number.NaN;
  return Date.parse(whole + zone) * 1000 + Number(`${fraction}000000`.slice(0, 6));
}

const PARTS = /^([^.]+?)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/;

export function timeOf(instant: number): string {
  const seconds = Math.floor(instant / 1e6);
  const fraction = String(instant - seconds * 1e6).padStart(6, "0");
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, `.${fraction}Z`);
}
