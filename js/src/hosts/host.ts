/**
 * What a host gives to a view: the study's chunks, and a place to keep selection and state.
 *
 * A notebook's kernel and an offline page are hosts; nothing outside this folder distinguishes them.
 */

import type { Annotated } from "../annotations/contract";
import type { Keeper } from "../store/keeping/keeper";

export const VIEW_NAMES = ["explorer", "grid", "map", "groups", "histogram", "inspector"] as const;

export type ViewName = (typeof VIEW_NAMES)[number];

export interface ViewRequest {
  readonly view: ViewName;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a host is asked to show; an Explorer where that is no view. */
export function readViewRequest(view: unknown, options: unknown): ViewRequest {
  const known = VIEW_NAMES.find((name) => name === view) ?? "explorer";
  const given = typeof options === "object" && options !== null ? { ...options } : {};
  return { view: known, options: given };
}

export interface Host {
  readonly manifest: unknown;
  readonly sessionId: string;
  readonly height: number;
  /** Whether it carries everything itself, so that nothing has to be shown before the rest. */
  readonly whole?: boolean;
  /** Which view this is, and the options of it alone. */
  readonly request: ViewRequest;
  /** All bytes of one chunk; rejects with the reason, or with `HostGone` once it was disposed of. */
  load(name: string): Promise<Uint8Array>;
  readSelection(): Uint8Array;
  readUiState(): Readonly<Record<string, unknown>>;
  /** Keep these; the host may wait a moment and write both at once. */
  writeSelection(bits: Uint8Array): void;
  writeUiState(state: object): void;
  /** Call back when the other side has changed one of the two, the selection first; returns a function that stops it. */
  onChange(listener: (what: "selection" | "ui_state") => void): () => void;
  /** Call back with what does not reach the other side, in words; with none when everything does. */
  onError(listener: (words: string) => void): void;
  /** Call back with what has not reached the other side yet, in words; with none when it has. */
  onWait(listener: (words: string) => void): void;
  readonly keeper: Keeper;
  /** How the study is annotated, and where that is kept; only where it is. */
  readonly annotated?: Annotated;
  dispose(): void;
}

/** The host went away in the middle; another one of the session may serve. */
export class HostGone extends Error {
  constructor() {
    super("This view was closed.");
    this.name = "HostGone";
  }
}
