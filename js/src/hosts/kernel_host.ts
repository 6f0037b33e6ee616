/**
 * The host of a notebook: an anywidget model with a Python kernel behind it.
 *
 * Chunks are pulled by messages; selection and state travel as traits, written together a moment after the last change.
 * What comes back equal to what was written is an echo, not news. What is too large for the way to the kernel is never sent:
 * it would close the connection without a word.
 */
import { hasChunk, type Parts } from "../store/manifest";
import { sameBytes } from "../store/masks";
import { createAllowance, type Upload } from "./allowance";
import { createChunkPuller, type PullerOptions } from "./chunk_puller";
import { type Host, readWanted } from "./host";

/** The part of anywidget's model that is used here. */
export interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  /** Whether the way to the kernel is open, where the model tells. */
  readonly comm_live?: boolean;
  on(name: string, callback: ModelCallback): void;
  off(name: string, callback: ModelCallback): void;
}

/** Custom messages come with their content and its binary buffers; changes are read from the model. */
export type ModelCallback = (message?: unknown, buffers?: readonly ArrayBufferView[]) => void;

const WRITE_AFTER_MS = 120;

const LOST =
  "The kernel is gone or was started anew: what you select and filter stays in this page and no longer reaches Python. " +
  "Run the cell again for a new view.";

export function createKernelHost(model: WidgetModel, options: PullerOptions = {}): Host {
  const manifest = model.get("_manifest");
  const parts = partsOf(manifest);
  const puller = createChunkPuller({ send: (message) => model.send(message) }, options);
  const listeners = new Set<(what: "selection" | "ui_state") => void>();
  const worried = new Set<(words: string) => void>();
  const troubles = new Map<"kernel" | Upload, string>();
  const allowance = createAllowance();
  const unwritten = new Map<string, unknown>();
  let written = { selection: readBits(model), state: JSON.stringify(readState(model)) };
  /** What the model was last seen to hold, which lags behind what is about to be written. */
  let held = written.selection;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const onMessage = (message: unknown, buffers?: readonly ArrayBufferView[]) =>
    puller.receive(message, buffers ?? []);
  const onSelection = () => {
    held = readBits(model);
    if (sameBytes(readBits(model), written.selection)) return;
    unwritten.delete("_selection");
    note("selection", null);
    written = { ...written, selection: readBits(model) };
    for (const listener of listeners) listener("selection");
  };
  const onState = () => {
    const state = JSON.stringify(readState(model));
    if (state === written.state) return;
    // Of two that came in one message the state may be told first, and "selected only" needs a selection.
    if (!sameBytes(readBits(model), held)) onSelection();
    unwritten.delete("_ui_state");
    note("ui_state", null);
    written = { ...written, state };
    for (const listener of listeners) listener("ui_state");
  };
  /** Told by ipywidgets when the kernel restarts, on purpose or after a crash, and when the way is open again. */
  const onLife = () => {
    if (model.comm_live === true) return note("kernel", null);
    puller.lose();
    note("kernel", LOST);
  };
  model.on("msg:custom", onMessage);
  model.on("comm_live_update", onLife);
  model.on("change:_selection", onSelection);
  model.on("change:_ui_state", onState);

  function flush(): void {
    clearTimeout(timer);
    if (unwritten.size === 0) return;
    for (const [name, value] of unwritten) model.set(name, value);
    unwritten.clear();
    held = readBits(model);
    try {
      model.save_changes();
    } catch {
      note("kernel", LOST);
    }
  }

  function note(what: "kernel" | Upload, words: string | null): void {
    if ((troubles.get(what) ?? null) === words) return;
    if (words === null) troubles.delete(what);
    else troubles.set(what, words);
    for (const listener of worried) listener([...troubles.values()].join(" "));
  }

  /** Whether something of this size may be written. */
  function mayWrite(what: Upload, bytes: number): boolean {
    const refusal = allowance.refuse(what, bytes);
    note(what, refusal);
    return refusal === null;
  }

  function writeLater(name: string, value: unknown): void {
    unwritten.set(name, value);
    clearTimeout(timer);
    timer = setTimeout(flush, WRITE_AFTER_MS);
  }

  return {
    manifest,
    sessionId: String(model.get("_session_id") ?? ""),
    height: Number(model.get("_height") ?? 0),
    wanted: readWanted(model.get("_view"), model.get("_options")),
    async load(name) {
      if (!hasChunk(parts, name)) throw new Error(`This study has no part '${name}'.`);
      return puller.pull(name, parts.chunks[name]);
    },
    readSelection: () => readBits(model),
    readUiState: () => readState(model),
    writeSelection(bits) {
      if (sameBytes(bits, written.selection)) return note("selection", null);
      if (!mayWrite("selection", bits.length)) return;
      written = { ...written, selection: bits };
      writeLater("_selection", new DataView(bits.slice().buffer));
    },
    writeUiState(state) {
      const text = JSON.stringify(state);
      if (text === written.state) return note("ui_state", null);
      if (!mayWrite("ui_state", bytesOf(text))) return;
      written = { ...written, state: text };
      writeLater("_ui_state", JSON.parse(text));
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onError(listener) {
      worried.add(listener);
    },
    dispose() {
      listeners.clear();
      worried.clear();
      puller.dispose();
      model.off("msg:custom", onMessage);
      model.off("comm_live_update", onLife);
      model.off("change:_selection", onSelection);
      model.off("change:_ui_state", onState);
      flush();
    },
  };
}

function partsOf(manifest: unknown): Parts {
  const { chunks = {}, families = {} } = (manifest ?? {}) as Partial<Parts>;
  return { chunks, families };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

function readBits(model: WidgetModel): Uint8Array {
  const value = model.get("_selection");
  if (!ArrayBuffer.isView(value)) return new Uint8Array(0);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function readState(model: WidgetModel): Readonly<Record<string, unknown>> {
  const value = model.get("_ui_state");
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
