/**
 * The host of a notebook in which a study is annotated: how, as Python has said it, and the way to its store.
 */
import { readSettings } from "../../annotations/settings";
import { isRecord } from "../../store/keeping/moment";
import type { Host } from "../host";
import { createKernelPlace } from "../places/kernel_place";
import { createKernelHost } from "./kernel_host";
import type { ModelCallback, WidgetModel } from "./widget_model";

/** The usual host where Python annotates nothing. */
export function createAnnotatedHost(model: WidgetModel): Host {
  const host = createKernelHost(model);
  const raw = model.get("_annotations");
  const settings = readSettings(raw);
  if (!settings || !isRecord(raw)) return host;
  const place = createKernelPlace((message) => model.send(message), String(raw.place));
  const ending = new AbortController();
  const callbacks: Readonly<Record<string, ModelCallback>> = {
    "msg:custom": (message) => place.receive(message),
    comm_live_update: () => (model.comm_live === true ? place.resume() : place.lose()),
  };
  for (const [name, callback] of Object.entries(callbacks)) model.on(name, callback);
  if (model.comm_live === false) place.lose();
  window.addEventListener("online", place.resume, { signal: ending.signal });
  return {
    ...host,
    annotated: { settings, place },
    dispose() {
      ending.abort();
      for (const [name, callback] of Object.entries(callbacks)) model.off(name, callback);
      place.dispose();
      host.dispose();
    },
  };
}
