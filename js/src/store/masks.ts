/**
 * Masks of examples: one byte an example in memory, one bit an example on the way to Python.
 *
 * Bit i of the packed form is `1 << (i & 7)` of byte `i >> 3`; no bytes at all means no example.
 */

export function packMask(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array((flags.length + 7) >> 3);
  let any = false;
  for (let i = 0; i < flags.length; i++) {
    if (!flags[i]) continue;
    bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    any = true;
  }
  return any ? bits : new Uint8Array(0);
}

export function unpackMask(bits: Uint8Array, count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (let i = 0; i < count; i++) flags[i] = ((bits[i >> 3] ?? 0) >> (i & 7)) & 1;
  return flags;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

export function hasBit(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}
