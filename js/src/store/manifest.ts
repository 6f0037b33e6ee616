/**
 * The manifest: what a study offers to the page, before any of its data has arrived.
 *
 * Python promises four columns (id, label, prediction, depth); every other part may be missing.
 * Knows neither how the chunks travel nor how anything is drawn.
 */

export type Harder = "larger" | "smaller";

export interface ColumnInfo {
  readonly name: string;
  readonly kind: "id" | "category" | "class" | "number" | "text";
  readonly dtype: "text" | "int32" | "uint8" | "uint16" | "float32";
  readonly title: string;
  readonly categories?: readonly string[];
  readonly harder?: Harder;
  readonly integer?: boolean;
  readonly help?: string;
  /** Where a measure is from. */
  readonly reference?: string;
  /** There is a standard error of each value, in steps of this size. */
  readonly error_scale?: number;
  /** The column that counts the members behind each value. */
  readonly members?: string;
  /** Its values become others while it is shown. */
  readonly changes?: boolean;
  /** Texts come in blocks of so many examples, `NAME/0`, `NAME/1`, … */
  readonly per_block?: number;
  /** Characters that nine of ten texts do not exceed. */
  readonly usual_length?: number;
  /** Of rows of a table, how many fields each has. */
  readonly fields?: number;
  /** One member alone measured it, in a study of many. */
  readonly of_member?: boolean;
}

/** The plane of the two depths: where low ends and high begins on each, and the groups' names by code. */
export interface PlaneInfo {
  readonly boundaries: readonly [
    trainLow: number,
    trainHigh: number,
    validationLow: number,
    validationHigh: number,
  ];
  readonly names: readonly string[];
  /** The quantile that the boundaries were taken at, where they were. */
  readonly q?: number | null;
}

export interface MapInfo {
  readonly method: string;
  readonly neighbors_kept?: readonly (number | null)[] | null;
  /** How far each map can be trusted, and the size of the neighborhoods and of the sample. */
  readonly trustworthiness?: readonly (number | null)[] | null;
  readonly continuity?: readonly (number | null)[] | null;
  readonly trust_k?: number | null;
  readonly trust_sample?: number | null;
}

export interface ImageInfo {
  readonly cell: readonly [number, number];
  readonly per_tile: number;
  readonly across: number;
  readonly tiles: number;
  readonly lossless?: boolean;
  readonly mime: string;
  /** The examples whose pictures are there, where some are not: one bit each, in base64. */
  readonly pictured?: string;
}

/** The network that is shown, those that trained on an example, those that held it out. */
export type SideName = "shown" | "trained" | "held_out";

/** What can be fetched of one example, `per_block` examples at a time. */
export interface DetailsInfo {
  readonly neighbors: { readonly per_block: number; readonly k: number } | null;
  /** What networks and neighbors say of the classes in question: of the shown one, and of each side. */
  readonly sides?: { readonly per_block: number; readonly names: readonly SideName[] } | null;
  readonly members: { readonly per_block: number; readonly count: number } | null;
  /** Pixels of the stored picture and of the one it was made from, width first. */
  readonly original: {
    readonly size: readonly [number, number];
    readonly source: readonly [number, number];
  } | null;
}

/** The chunks that a host can load. */
export interface Parts {
  /** Bytes of each chunk that is ready. */
  readonly chunks: Readonly<Record<string, number>>;
  /** How many chunks `NAME/0`, `NAME/1`, … are made when they are asked for. */
  readonly families: Readonly<Record<string, number>>;
}

/** Rows of a table, which come in blocks `row/0`, `row/1`, … */
export interface RowsInfo {
  readonly per_block: number;
  readonly fields: number;
}

export interface Manifest extends Parts {
  readonly format: number;
  readonly title: string;
  readonly count: number;
  readonly probes: readonly string[];
  readonly classes: readonly string[];
  readonly k: number;
  readonly columns: readonly ColumnInfo[];
  readonly map: MapInfo | null;
  readonly images: ImageInfo | null;
  readonly rows?: RowsInfo | null;
  /** What is seen or heard of examples besides pictures: "text", "row", "sound". */
  readonly previews?: readonly string[];
  readonly details: DetailsInfo;
  /** Measures that it lacks, and Python can compute of it as it is. */
  readonly measurable: readonly string[];
  /** Only of a study of many networks. */
  readonly plane: PlaneInfo | null;
  /** The member whose map, votes and prediction are shown, in a study of many networks. */
  readonly member: number | null;
  readonly facts: readonly (readonly [string, string])[];
}

export const FORMAT = 1;
const PROMISED = ["example_id", "label", "prediction", "depth"];

/** Check what the host handed over; say what is wrong rather than draw something wrong. */
export function readManifest(raw: unknown): Manifest {
  if (typeof raw !== "object" || raw === null || !("format" in raw)) {
    throw new Error("This view was given no study.");
  }
  const manifest = raw as Partial<Manifest>;
  if (manifest.format !== FORMAT) {
    throw new Error(
      `This view reads format ${FORMAT}, but the study has format ${String(manifest.format)}. ` +
        "Use the version of depthviz that wrote it.",
    );
  }
  const filled = withDefaults(manifest);
  const names = new Set(filled.columns.map((column) => column.name));
  const absent = PROMISED.filter((name) => !names.has(name));
  if (absent.length > 0) throw new Error(`The study lacks ${absent.join(", ")}.`);
  return filled;
}

function withDefaults(manifest: Partial<Manifest>): Manifest {
  return {
    format: FORMAT,
    title: manifest.title ?? "",
    count: manifest.count ?? 0,
    probes: manifest.probes ?? [],
    classes: manifest.classes ?? [],
    k: manifest.k ?? 0,
    columns: manifest.columns ?? [],
    map: manifest.map ?? null,
    images: manifest.images ?? null,
    ...(PREVIEWS && { rows: manifest.rows ?? null, previews: manifest.previews ?? [] }),
    details: manifest.details ?? { neighbors: null, members: null, original: null },
    measurable: manifest.measurable ?? [],
    plane: manifest.plane ?? null,
    member: manifest.member ?? null,
    facts: manifest.facts ?? [],
    chunks: manifest.chunks ?? {},
    families: manifest.families ?? {},
  };
}

/** Whether there is a chunk of that name. */
export function hasChunk({ chunks, families }: Parts, name: string): boolean {
  if (name in chunks) return true;
  const end = name.lastIndexOf("/");
  const number = Number(name.slice(end + 1));
  return Number.isInteger(number) && number >= 0 && number < (families[name.slice(0, end)] ?? 0);
}
