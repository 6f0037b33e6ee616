/**
 * Delivery: whether Python has what was written last, known by its answers alone.
 *
 * A connection may lose a message without a word, and a kernel that computes answers late. Each write bears the name of this page and
 * a number, which Python sends back; while it does not, the page sends what it holds again, more and more rarely, and says that it waits
 * as soon as that has brought no answer either.
 */

/** The trait that numbers a write. */
export const WRITTEN = "_written";

export const WAITING =
  "Python has not answered yet: it computes, or the connection is away. " +
  "What you select and filter is kept here and sent again until it has it.";

/** Longer than an idle kernel takes. */
const PATIENCE_MS = 2000;

export interface Written {
  readonly page: string;
  readonly number: number;
}

export interface Delivery {
  /** The mark of a write that goes out now, from which on its answer is waited for. */
  next(): Written;
  /** Take an answer; what is none is left alone. */
  receive(message: unknown): void;
  /** Send what waits again at once, if anything does. */
  retry(): void;
  /** Wait no more: the other side is gone, or this page is. */
  stop(): void;
}

/** `send` sends all again under a mark; `say` is told whether Python is waited for. */
export function createDelivery(
  send: (written: Written) => void,
  say: (waits: boolean) => void,
): Delivery {
  const page = Math.random().toString(36).slice(2);
  let sent = 0;
  let heard = 0;
  let patience = PATIENCE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function wait(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (patience > PATIENCE_MS) say(true);
      patience *= 2;
      wait();
      send({ page, number: sent });
    }, patience);
  }

  function rest(): void {
    clearTimeout(timer);
    timer = undefined;
    patience = PATIENCE_MS;
  }

  return {
    next() {
      sent++;
      wait();
      return { page, number: sent };
    },
    receive(message) {
      const { type, page: whose, number } = (message ?? {}) as Record<string, unknown>;
      if (type !== "heard" || whose !== page || typeof number !== "number" || number <= heard)
        return;
      heard = Math.min(number, sent);
      rest();
      if (heard === sent) say(false);
      else wait();
    },
    retry() {
      if (heard === sent) return;
      rest();
      wait();
      send({ page, number: sent });
    },
    stop() {
      rest();
      say(false);
    },
  };
}
