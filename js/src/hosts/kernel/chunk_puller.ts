/**
 * Pulls chunks piece by piece over a channel that may lose, repeat or reorder messages.
 *
 * The page asks and the kernel answers, since a message sent before the view exists is lost. Knows the wording
 * of the messages, but neither anywidget nor what a chunk means.
 */
import { HostGone } from "../host";

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
  /** All bytes of a chunk; without a total the first answer has it. */
  pull(name: string, total?: number): Promise<Uint8Array>;
  receive(message: unknown, buffers: readonly ArrayBufferView[]): void;
  /** The other side is gone: fail what is under way, and wait for nothing until it answers again. */
  lose(): void;
  dispose(): void;
}

export interface PullerOptions {
  readonly atOnce?: number;
  readonly timeoutMs?: number;
  readonly attempts?: number;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly total: number | undefined;
}

interface Pending {
  readonly resolve: (piece: Piece) => void;
  readonly reject: (reason: Error) => void;
}

/** How long to wait for a kernel that was seen to go. */
const LOST_MS = 2_000;

export const NO_ANSWER =
  "The kernel does not answer. Start it again or run the cell again, then retry.";

export function createChunkPuller(channel: Channel, options: PullerOptions = {}): ChunkPuller {
  const { atOnce = 4, timeoutMs = 10_000, attempts = 3 } = options;
  const pending = new Map<number, Pending>();
  const turns = createTurns(atOnce);
  let nextId = 1;
  let gone = false;
  let lost = false;

  /** Request a piece, again under the same id if no answer comes, so that a late answer still counts. */
  function requestPiece(name: string, offset: number): Promise<Piece> {
    if (gone) return Promise.reject(new HostGone());
    const id = nextId++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answer = new Promise<Piece>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      let attempt = 0;
      const send = () => {
        if (attempt++ === (lost ? 1 : attempts)) return reject(new Error(NO_ANSWER));
        timer = setTimeout(send, lost ? LOST_MS : timeoutMs);
        try {
          channel.send({ type: "pull", id, name, offset });
        } catch {
          reject(new Error(NO_ANSWER));
        }
      };
      send();
    });
    return answer.finally(() => {
      clearTimeout(timer);
      pending.delete(id);
    });
  }

  return {
    async pull(name, known) {
      let bytes = known === undefined ? null : new Uint8Array(known);
      for (let offset = 0; bytes === null || offset < bytes.length; ) {
        const piece = await turns.run(() => requestPiece(name, offset));
        const { length } = piece.bytes;
        bytes ??= new Uint8Array(piece.total ?? length);
        if (bytes.length === 0) break;
        if (length === 0 || offset + length > bytes.length) {
          throw new Error(
            `Chunk '${name}' should have ${bytes.length} bytes, but ${length} came at ${offset}.`,
          );
        }
        bytes.set(piece.bytes, offset);
        offset += length;
      }
      return bytes;
    },
    receive(message, buffers) {
      if (!isAnswer(message)) return;
      lost = false;
      const request = pending.get(message.id);
      if (message.type === "refused") return request?.reject(new Error(String(message.reason)));
      const buffer = buffers[0];
      const total = typeof message.total === "number" ? message.total : undefined;
      request?.resolve({ bytes: buffer ? viewOf(buffer) : new Uint8Array(0), total });
    },
    lose() {
      lost = true;
      for (const { reject } of [...pending.values()]) reject(new Error(NO_ANSWER));
    },
    dispose() {
      gone = true;
      for (const { reject } of [...pending.values()]) reject(new HostGone());
      turns.release();
    },
  };
}

/** Run at most so many at once; the rest waits for its turn. */
function createTurns(atOnce: number) {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return {
    async run<T>(work: () => Promise<T>): Promise<T> {
      if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      underWay++;
      try {
        return await work();
      } finally {
        underWay--;
        waiting.shift()?.();
      }
    },
    /** Let all that wait begin. */
    release() {
      for (const begin of waiting.splice(0)) begin();
    },
  };
}

interface Answer {
  readonly type: "chunk" | "refused";
  readonly id: number;
  readonly reason?: unknown;
  readonly total?: unknown;
}

function isAnswer(message: unknown): message is Answer {
  if (typeof message !== "object" || message === null) return false;
  const { type, id } = message as Partial<Answer>;
  return (type === "chunk" || type === "refused") && typeof id === "number";
}

function viewOf(buffer: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
