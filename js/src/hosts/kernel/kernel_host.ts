/**
 * The host of a notebook: an anywidget model with a Python kernel behind it.
 *
 * Chunks are pulled by messages; selection and state travel as traits, written together a moment after the last change, and again
 * until Python has answered.
 */
import { hasChunk, type Parts } from "../../store/manifest";
import { type Host, readViewRequest } from "../host";
import { createChunkPuller, type PullerOptions } from "./chunk_puller";
import { createHostErrors } from "./host_errors";
import { createKernelKeeper } from "./kernel_keeper";
import { createTraits } from "./traits";
import type { ModelCallback, WidgetModel } from "./widget_model";
import type { HostErrorKind, HostWaitKind } from "./writer";

export function createKernelHost(model: WidgetModel, options: PullerOptions = {}): Host {
  const manifest = model.get("_manifest");
  const parts = partsOf(manifest);
  const puller = createChunkPuller({ send: (message) => model.send(message) }, options);
  const errors = createHostErrors<HostErrorKind>();
  const waits = createHostErrors<HostWaitKind>();
  const traits = createTraits(model, errors, waits);
  const { writer } = traits;
  const ending = new AbortController();
  // A browser that is back on its network need not wait for the next turn.
  window.addEventListener("online", writer.retry, { signal: ending.signal });
  const keeper = createKernelKeeper((message) => model.send(message));
  const stopListening = listenTo(model, {
    "msg:custom"(message, buffers) {
      writer.receive(message);
      puller.receive(message, buffers ?? []);
      keeper.receive(message);
    },
    // Sent by ipywidgets when the kernel restarts, on purpose or after a crash, and when the way is open again.
    comm_live_update() {
      if (model.comm_live === true) return writer.resume();
      puller.lose();
      writer.lose();
    },
    "change:_selection": traits.selectionChanged,
    "change:_ui_state": traits.stateChanged,
  });
  return {
    manifest,
    sessionId: String(model.get("_session_id") ?? ""),
    height: Number(model.get("_height") ?? 0),
    request: readViewRequest(model.get("_view"), model.get("_options")),
    async load(name) {
      if (!hasChunk(parts, name)) throw new Error(`This study has no part '${name}'.`);
      return puller.pull(name, parts.chunks[name]);
    },
    readSelection: traits.selection,
    readUiState: traits.state,
    writeSelection: traits.writeSelection,
    writeUiState: traits.writeState,
    onChange: traits.onChange,
    onError: errors.listen,
    onWait: waits.listen,
    keeper,
    dispose() {
      ending.abort();
      errors.dispose();
      waits.dispose();
      puller.dispose();
      stopListening();
      traits.dispose();
    },
  };
}

/** Listen to events of a model; returns the way to stop. */
function listenTo(
  model: WidgetModel,
  callbacks: Readonly<Record<string, ModelCallback>>,
): () => void {
  for (const [name, callback] of Object.entries(callbacks)) model.on(name, callback);
  return () => {
    for (const [name, callback] of Object.entries(callbacks)) model.off(name, callback);
  };
}

function partsOf(manifest: unknown): Parts {
  const { chunks = {}, families = {} } = (manifest ?? {}) as Partial<Parts>;
  return { chunks, families };
}
