/**
 * The writer: brings what the page sets to the kernel, together, and again until it is answered.
 */
import { createDelivery, WAITING, WRITTEN } from "./delivery";
import type { HostErrors } from "./host_errors";
import { createOutbox } from "./outbox";
import type { Upload } from "./upload_limit";
import type { WidgetModel } from "./widget_model";

/** What can fail to reach the kernel: everything, the selection, or the state. */
export type HostErrorKind = "kernel" | Upload;
/** What has not reached it yet. */
export type HostWaitKind = "answer";

export const LOST =
  "The kernel is gone or was started anew: what you select and filter stays in this page and no longer reaches Python. " +
  "Run the cell again for a new view.";

/** Write traits of the model a moment after the last change; `hold` is called when the model holds them. */
export function createWriter(
  model: WidgetModel,
  errors: HostErrors<HostErrorKind>,
  waits: HostErrors<HostWaitKind>,
  hold: () => void,
) {
  const delivery = createDelivery(
    (written) => {
      const message = { type: "write", written, ui_state: model.get("_ui_state") };
      attempt(() => model.send(message, undefined, [bufferOf(model.get("_selection"))]));
    },
    (late) => waits.set("answer", late ? WAITING : null),
  );
  const outbox = createOutbox((values) => {
    for (const [name, value] of values) model.set(name, value);
    hold();
    model.set(WRITTEN, delivery.next());
    attempt(() => model.save_changes());
  });

  function lose(): void {
    delivery.stop();
    errors.set("kernel", LOST);
  }

  /** Sending to a kernel that is gone throws. */
  function attempt(send: () => void): void {
    try {
      send();
    } catch {
      lose();
    }
  }

  return {
    write: outbox.write,
    drop: outbox.drop,
    receive: delivery.receive,
    retry: delivery.retry,
    lose,
    /** The way is open, again or still: what waits goes out. */
    resume() {
      errors.set("kernel", null);
      delivery.retry();
    },
    dispose() {
      outbox.flush();
      delivery.stop();
    },
  };
}

/** A copy, since what a view looks at may be a part of a larger message. */
function bufferOf(value: unknown): ArrayBuffer {
  if (!ArrayBuffer.isView(value)) return new ArrayBuffer(0);
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice().buffer;
}
