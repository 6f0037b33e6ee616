/**
 * Columns: one typed array per property of the examples, decoded from the bytes of its chunk.
 *
 * Codes stand for classes and categories, with one code reserved for "missing"; NaN is a missing
 * number. Knows nothing of filters or of how a value looks on screen.
 */
import type { ColumnInfo, Manifest } from "./manifest";

export interface CodeColumn {
  readonly type: "code";
  readonly info: ColumnInfo;
  readonly codes: Uint8Array | Uint16Array;
  readonly missing: number;
  readonly names: readonly string[];
}

export interface NumberColumn {
  readonly type: "number";
  readonly info: ColumnInfo;
  readonly values: Float32Array;
}

export interface TextColumn {
  readonly type: "text";
  readonly info: ColumnInfo;
  readonly texts: readonly string[];
}

export type Column = CodeColumn | NumberColumn | TextColumn;

/** Turn the bytes of a chunk into the column that the manifest describes. */
export function decodeColumn(info: ColumnInfo, bytes: Uint8Array, manifest: Manifest): Column {
  const column = decode(info, bytes, manifest);
  const length = lengthOf(column);
  if (length !== manifest.count) {
    throw new Error(
      `Column '${info.name}' covers ${length} examples but the study has ${manifest.count}.`,
    );
  }
  return column;
}

/** The value of one example as a person reads it; empty where it is missing. */
export function textOf(column: Column, index: number): string {
  if (column.type === "text") return column.texts[index] ?? "";
  if (column.type === "code") {
    const code = column.codes[index] ?? column.missing;
    return code === column.missing ? "" : (column.names[code] ?? `class ${code}`);
  }
  return formatNumber(column.values[index] ?? Number.NaN, column.info.integer ?? false);
}

/** By hand: the first `Intl.NumberFormat` of a page takes as long as the first layout. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function formatNumber(value: number, integer = false): string {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (integer && Number.isInteger(value)) return formatCount(value);
  const size = Math.abs(value);
  if (size < 1 && size >= 0.9995) return value > 0 ? "> 0.999" : "< −0.999";
  const text =
    size !== 0 && (size >= 1e6 || size < 1e-3)
      ? value.toExponential(1)
      : size >= 100
        ? formatCount(Math.round(value))
        : String(Number(value.toFixed(3)));
  return text.replace("-", "−");
}

/** View bytes as 16-bit codes; copies only where they are not aligned. */
export function asUint16(bytes: Uint8Array): Uint16Array {
  const aligned = align(bytes, 2);
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1);
}

function decode(info: ColumnInfo, bytes: Uint8Array, manifest: Manifest): Column {
  const names = info.kind === "class" ? manifest.classes : (info.categories ?? []);
  switch (info.dtype) {
    case "uint8":
      return { type: "code", info, codes: bytes, missing: 255, names };
    case "uint16":
      return { type: "code", info, codes: asUint16(bytes), missing: 65535, names };
    case "float32":
      return { type: "number", info, values: asFloat32(bytes) };
    case "int32":
      return { type: "text", info, texts: Array.from(asInt32(bytes), String) };
    case "text":
      return { type: "text", info, texts: asTexts(bytes) };
  }
}

function lengthOf(column: Column): number {
  if (column.type === "text") return column.texts.length;
  return column.type === "code" ? column.codes.length : column.values.length;
}

function asTexts(bytes: Uint8Array): string[] {
  const texts: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return Array.isArray(texts) ? texts.map((text) => (text === null ? "" : String(text))) : [];
}

function asFloat32(bytes: Uint8Array): Float32Array {
  const aligned = align(bytes, 4);
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

function asInt32(bytes: Uint8Array): Int32Array {
  const aligned = align(bytes, 4);
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

function align(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : bytes.slice();
}
