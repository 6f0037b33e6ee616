/**
 * A small study by the contract, as the hosts deliver it: a manifest and the bytes of its chunks.
 */
import { decodeColumn } from "../src/store/columns";
import type { ColumnInfo, Manifest } from "../src/store/manifest";
import { Store } from "../src/store/store";

export interface Study {
  readonly manifest: Manifest;
  readonly chunks: Readonly<Record<string, Uint8Array>>;
}

export interface StudyOptions {
  readonly ids?: readonly string[];
  /** Ids are whole numbers, packed as such. */
  readonly numbered?: boolean;
  readonly labels?: readonly number[];
  readonly predictions?: readonly number[];
  readonly depths?: readonly number[];
  readonly classes?: readonly string[];
  readonly probes?: readonly string[];
  readonly images?: boolean;
  readonly map?: boolean;
  readonly title?: string;
  /** Neighbors of every example at every probe, shape (P, N, K). */
  readonly neighbors?: readonly (readonly (readonly number[])[])[];
  /** The texts of the examples as a page carries them, four to a block. */
  readonly texts?: readonly unknown[];
  /** WAV files of the examples; undefined where a page does not carry one. */
  readonly sounds?: readonly (Uint8Array | undefined)[];
  /** The rows of the examples, four to a block. */
  readonly rows?: readonly unknown[];
  /** How many neighbors vote; more than are listed where a page carries the nearest alone. */
  readonly k?: number;
}

/** Six examples, three classes, three probes, unless said otherwise. */
export function makeStudy(options: StudyOptions = {}): Study {
  const labels = options.labels ?? [0, 0, 1, 1, 2, 2];
  const count = labels.length;
  const predictions = options.predictions ?? labels;
  const depths = options.depths ?? labels.map((_, i) => i % 4);
  const probes = options.probes ?? ["input", "block", "softmax"];
  const ids = options.ids ?? labels.map((_, i) => `e${i}`);
  const { images = true, map = true } = options;
  const cells = count * probes.length;
  const chunks: Record<string, Uint8Array> = {
    "column/example_id": options.numbered
      ? new Uint8Array(Int32Array.from(ids, Number).buffer)
      : textBytes(ids),
    "column/label": codeBytes(labels),
    "column/prediction": codeBytes(predictions),
    "column/correct": Uint8Array.from(labels, (label, i) => Number(label === predictions[i])),
    "column/confidence": numberBytes(labels.map((_, i) => (i === 1 ? Number.NaN : i / 10))),
    "column/depth": numberBytes(depths),
    votes: codeBytes(Array.from({ length: cells }, (_, i) => predictions[i % count] ?? 0)),
    agreement: new Uint8Array(cells).fill(128),
  };
  if (map) chunks.map = codeBytes(Array.from({ length: cells * 2 }, (_, i) => (i * 977) % 65536));
  if (images) chunks["tile/0"] = new Uint8Array([1, 2, 3]);
  const { neighbors } = options;
  const k = neighbors?.[0]?.[0]?.length ?? 0;
  if (neighbors) {
    chunks["neighbors/0"] = new Uint8Array(Uint32Array.from(neighbors.flat(2)).buffer);
  }
  const { texts, rows, sounds } = options;
  sounds?.forEach((file, i) => {
    if (file) chunks[`sound/${i}`] = file;
  });
  for (const [family, entries] of Object.entries({ text: texts ?? [], row: rows ?? [] })) {
    for (let first = 0; first < entries.length; first += TEXTS_PER_BLOCK) {
      const block = entries.slice(first, first + TEXTS_PER_BLOCK);
      chunks[`${family}/${first / TEXTS_PER_BLOCK}`] = textBytes(block as string[]);
    }
  }
  const manifest: Manifest = {
    format: 1,
    title: options.title ?? "six examples",
    count,
    probes,
    classes: options.classes ?? ["cat", "dog", "frog"],
    k: options.k ?? (k > 0 ? k : 30),
    columns: [
      ...COLUMNS.map((info) =>
        options.numbered && info.kind === "id" ? { ...info, dtype: "int32" as const } : info,
      ),
      ...(texts ? [TEXTS] : []),
    ],
    map: map ? { method: "umap", neighbors_kept: probes.map(() => 0.46) } : null,
    images: images
      ? { cell: [8, 8], per_tile: 1024, across: 32, tiles: 1, mime: "image/webp" }
      : null,
    ...(sounds ? { previews: ["sound"] } : {}),
    ...(rows ? { rows: { per_block: TEXTS_PER_BLOCK, fields: 3 } } : {}),
    details: {
      neighbors: neighbors ? { per_block: 1024, k } : null,
      members: null,
      original: null,
    },
    measurable: [],
    plane: null,
    member: null,
    facts: [["Accuracy", "97.2 %"]],
    chunks: Object.fromEntries(
      Object.entries(chunks)
        .filter(([name]) => !/^(tile|neighbors|text|row)\//.test(name))
        .map(([name, { length }]) => [name, length]),
    ),
    families: {
      ...(images ? { tile: 1 } : {}),
      ...(neighbors ? { neighbors: 1 } : {}),
      ...(rows ? { row: Math.ceil(count / TEXTS_PER_BLOCK) } : {}),
      ...(texts ? { text: Math.ceil(count / TEXTS_PER_BLOCK) } : {}),
    },
  };
  return { manifest, chunks };
}

export function textBytes(texts: readonly string[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(texts));
}

export function codeBytes(codes: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(codes).buffer);
}

export function numberBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

const TEXTS_PER_BLOCK = 4;

const TEXTS: ColumnInfo = {
  ...{ name: "text", kind: "text", dtype: "text", title: "Text" },
  ...{ per_block: TEXTS_PER_BLOCK, usual_length: 100 },
};

const COLUMNS: readonly ColumnInfo[] = [
  { name: "example_id", kind: "id", dtype: "text", title: "Example" },
  { name: "label", kind: "class", dtype: "uint16", title: "Label" },
  { name: "prediction", kind: "class", dtype: "uint16", title: "Prediction" },
  {
    name: "correct",
    kind: "category",
    dtype: "uint8",
    title: "Correct",
    categories: ["wrong", "right"],
  },
  {
    name: "confidence",
    kind: "number",
    dtype: "float32",
    title: "Confidence",
    harder: "smaller",
  },
  {
    name: "depth",
    kind: "number",
    dtype: "float32",
    title: "Depth",
    harder: "larger",
    integer: true,
  },
];

/** The store of a small study, with all its columns. */
export function makeStore(options: StudyOptions = {}): Store {
  const { manifest, chunks } = makeStudy(options);
  const columns = manifest.columns.map((info) => {
    const bytes = chunks[`column/${info.name}`] ?? new Uint8Array(0);
    return [info.name, decodeColumn(info, bytes, manifest)] as const;
  });
  return new Store(manifest, new Map(columns));
}
