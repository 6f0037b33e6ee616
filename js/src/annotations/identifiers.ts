/**
 * Identifiers that sort by time: UUIDs of version 7, each larger than every earlier one of this page, also when its clock goes back.
 *
 * Reference: RFC 9562, section 5.7.
 */

const COUNTER = 4096;
/** Beyond it, in the year 2039, a double does not count one by one. */
const LATEST = 2 ** 41 - 2 ** 20;

/** Milliseconds and counter of the last one that was made. */
let last = 0;

export function newIdentifier(now: number = Date.now()): string {
  last = Math.max(Math.min(Math.floor(now), LATEST) * COUNTER, last + 1);
  const time = hex(Math.floor(last / COUNTER), 12);
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  const variant = hex(0x8000 | (a & 0x3fff), 4);
  const rest = hex(a >>> 16, 4) + hex(b, 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(last % COUNTER, 3)}-${variant}-${rest}`;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}
