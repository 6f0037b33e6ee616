/**
 * Selection and state as traits of an anywidget model, read as Python sets them and written as the page does.
 *
 * What comes back equal to what was written is an echo, not news. What is too large for the way to the kernel is never sent:
 * it would close the connection without a word.
 */
import { sameBytes } from "../../store/masks";
import type { HostErrors } from "./host_errors";
import { createUploadLimit, type Upload } from "./upload_limit";
import type { WidgetModel } from "./widget_model";
import { createWriter, type HostErrorKind, type HostWaitKind } from "./writer";

/** Selection and state of the model, read when Python changes them and written when the page does. */
export function createTraits(
  model: WidgetModel,
  errors: HostErrors<HostErrorKind>,
  waits: HostErrors<HostWaitKind>,
) {
  const listeners = new Set<(what: Upload) => void>();
  const limit = createUploadLimit();
  let written = { selection: readBits(model), state: JSON.stringify(readState(model)) };
  /** What the model was last seen to hold, which lags behind what is about to be written. */
  let held = written.selection;
  const writer = createWriter(model, errors, waits, () => (held = readBits(model)));

  /** Whether something of this size may be written. */
  function mayWrite(what: Upload, bytes: number): boolean {
    const refusal = limit.refuse(what, bytes);
    errors.set(what, refusal);
    return refusal === null;
  }

  /** What Python has set overtakes what waits to be written. */
  function report(what: Upload): void {
    writer.drop(`_${what}`);
    errors.set(what, null);
    for (const listener of listeners) listener(what);
  }

  function selectionChanged(): void {
    held = readBits(model);
    if (sameBytes(held, written.selection)) return;
    written = { ...written, selection: held };
    report("selection");
  }

  return {
    selection: () => readBits(model),
    state: () => readState(model),
    selectionChanged,
    stateChanged() {
      const state = JSON.stringify(readState(model));
      if (state === written.state) return;
      // Of two that came in one message the state may come first, and "selected only" needs a selection.
      if (!sameBytes(readBits(model), held)) selectionChanged();
      written = { ...written, state };
      report("ui_state");
    },
    writeSelection(bits: Uint8Array) {
      if (sameBytes(bits, written.selection)) return errors.set("selection", null);
      if (!mayWrite("selection", bits.length)) return;
      written = { ...written, selection: bits };
      writer.write("_selection", new DataView(bits.slice().buffer));
    },
    writeState(state: object) {
      const text = JSON.stringify(state);
      if (text === written.state) return errors.set("ui_state", null);
      if (!mayWrite("ui_state", bytesOf(text))) return;
      written = { ...written, state: text };
      writer.write("_ui_state", JSON.parse(text));
    },
    onChange(listener: (what: Upload) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    writer,
    dispose() {
      listeners.clear();
      writer.dispose();
    },
  };
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
