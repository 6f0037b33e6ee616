/**
 * Pulls chunks piece by piece over a channel that may lose, repeat or reorder messages.
 *
 * The page asks and the kernel answers, since a message sent before the view exists is lost. Knows the wording
 * of the messages, but neither anywidget nor what a chunk means.
 */
import { HostGone } from "./host";

export interface Channel {
  send(message: PullMessage): void;
}

export interface PullMessage {
  readonly type: "pull";
  readonly id: number;
  readonly name: string;
  readonly offset: number;
}

export interface ChunkPuller {
  pull(name: string, total: number): Promise<Uint8Array>;
  receive(message: unknown, buffers: readonly ArrayBufferView[]): void;
  dispose(): void;
}

export interface PullerOptions {
  readonly atOnce?: number;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

interface Pending {
  readonly resolve: (piece: Uint8Array) => void;
  readonly reject: (reason: Error) => void;
}

export const SILENCE =
  "The kernel does not answer. Start it again or run the cell again, then retry.";

export function createChunkPuller(channel: Channel, options: PullerOptions = {}): ChunkPuller {
  const { atOnce = 4, timeoutMs = 10_000, attempts = 3 } = options;
  const pending = new Map<number, Pending>();
  const waiting: (() => void)[] = [];
  let underWay = 0;
  let nextId = 1;
  let gone = false;

  /** Ask once more under the same id, so that a late answer to an earlier ask still counts. */
  function ask(name: string, offset: number): Promise<Uint8Array> {
    if (gone) return Promise.reject(new HostGone());
    const id = nextId++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      let asked = 0;
      const send = () => {
        if (asked++ === attempts) return reject(new Error(SILENCE));
        timer = setTimeout(send, timeoutMs);
        channel.send({ type: "pull", id, name, offset });
      };
      send();
    });
    return answer.finally(() => {
      clearTimeout(timer);
      pending.delete(id);
    });
  }

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    underWay++;
    try {
      return await work();
    } finally {
      underWay--;
      waiting.shift()?.();
    }
  }

  return {
    async pull(name, total) {
      const bytes = new Uint8Array(total);
      for (let offset = 0; offset < total; ) {
        const piece = await inTurn(() => ask(name, offset));
        if (piece.length === 0 || offset + piece.length > total) {
          throw new Error(
            `Chunk '${name}' should have ${total} bytes, but ${piece.length} came at ${offset}.`,
          );
        }
        bytes.set(piece, offset);
        offset += piece.length;
      }
      return bytes;
    },
    receive(message, buffers) {
      if (!isAnswer(message)) return;
      const asked = pending.get(message.id);
      if (message.type === "refused") return asked?.reject(new Error(String(message.reason)));
      const buffer = buffers[0];
      asked?.resolve(buffer ? viewOf(buffer) : new Uint8Array(0));
    },
    dispose() {
      gone = true;
      for (const { reject } of [...pending.values()]) reject(new HostGone());
      for (const go of waiting.splice(0)) go();
    },
  };
}

interface Answer {
  readonly type: "chunk" | "refused";
  readonly id: number;
  readonly reason?: unknown;
}

function isAnswer(message: unknown): message is Answer {
  if (typeof message !== "object" || message === null) return false;
  const { type, id } = message as Partial<Answer>;
  return (type === "chunk" || type === "refused") && typeof id === "number";
}

function viewOf(buffer: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
