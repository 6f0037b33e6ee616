/**
 * A channel between the frames of one notebook: Colab puts each output into a frame of its own, with a store of its own.
 *
 * Carries selection and state from frame to frame under the session's id. In a page without frames every view finds the
 * one store, and no channel is opened. Knows neither the store nor any host; not tried in Colab itself.
 */

export interface Message {
  readonly selection: Uint8Array;
  readonly state: Readonly<Record<string, unknown>>;
}

export interface Channel {
  /** Tell the other frames, a moment later and only the last of many. */
  send(message: () => Message): void;
  close(): void;
}

const REST_MS = 60;

export function openChannel(id: string, receive: (message: Message) => void): Channel {
  const channel = new BroadcastChannel(`depthviz/1/${id}`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isMessage(data)) receive(data);
  };
  return {
    send(message) {
      clearTimeout(timer);
      timer = setTimeout(() => channel.postMessage(message()), REST_MS);
    },
    close() {
      clearTimeout(timer);
      channel.onmessage = null;
      channel.close();
    },
  };
}

/** Whether there may be other frames of the same notebook. */
export function isFramed(): boolean {
  return typeof BroadcastChannel === "function" && window.parent !== window;
}

/** Other frames of the same origin may say anything. */
function isMessage(data: unknown): data is Message {
  if (typeof data !== "object" || data === null) return false;
  const { selection, state } = data as Partial<Message>;
  return selection instanceof Uint8Array && typeof state === "object" && state !== null;
}
