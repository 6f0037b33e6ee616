/**
 * What each example has, in blocks of examples: fetched when one of them is to be seen, and kept.
 *
 * Knows neither what a block holds nor how it is drawn.
 */
import { signal } from "../reactive";
import { AT_ONCE, createQueue } from "./fetch_queue";

export interface BlocksInfo {
  /** Chunks are called `FAMILY/0`, `FAMILY/1`, … */
  readonly family: string;
  readonly count: number;
  readonly perBlock: number;
}

export interface Blocks {
  /** Another number whenever a block has come or failed. */
  readonly version: number;
  /** How many blocks have come. */
  readonly arrived: number;
  /** Nothing is on its way. */
  readonly idle: boolean;
  /** Why a block could not be had; no words where all could. */
  readonly failure: string;
  /** Whether the block of an example has come; else it is on its way, and who asked while drawing draws again once it has. */
  has(index: number): boolean;
  /** Fetch whatever is missing, a few at once, next to what is asked for. */
  fetchAll(): void;
  /** Try those that failed once more. */
  retry(): void;
  dispose(): void;
}

export type Load = (name: string) => Promise<Uint8Array>;

const [ABSENT, THERE, FAILED] = [0, 1, 2];

/** `take` is given each block that has come, and the place of its first example. */
export function createBlocks(
  { family, count, perBlock }: BlocksInfo,
  load: Load,
  take: (first: number, bytes: Uint8Array) => void,
): Blocks {
  const states = new Uint8Array(Math.ceil(count / perBlock));
  const version = signal(0);
  let failure = "";
  let arrived = 0;
  let all = false;
  const changed = () => {
    version.value = version.peek() + 1;
  };

  async function fetch(block: number, isGone: () => boolean): Promise<void> {
    try {
      const bytes = await load(`${family}/${block}`);
      if (isGone()) return;
      take(block * perBlock, bytes);
      states[block] = THERE;
      arrived++;
    } catch (reason) {
      states[block] = FAILED;
      failure = reason instanceof Error ? reason.message : String(reason);
    }
  }

  /** Twice as many as are fetched at once, since some are under way. */
  function fetchMissing(): void {
    let more = 2 * AT_ONCE;
    for (let block = 0; all && more > 0; block++) {
      if (block >= states.length) all = more < 2 * AT_ONCE;
      if (block >= states.length) return;
      if (states[block] !== ABSENT) continue;
      queue.add(block);
      more--;
    }
  }

  const queue = createQueue(fetch, () => {
    changed();
    fetchMissing();
  });

  return {
    get version() {
      return version.value;
    },
    get arrived() {
      return arrived;
    },
    get idle() {
      return queue.idle;
    },
    get failure() {
      version.value;
      return failure;
    },
    has(index) {
      const block = Math.floor(index / perBlock);
      if (states[block] === THERE) return true;
      version.value;
      if (states[block] === ABSENT) queue.add(block);
      return false;
    },
    fetchAll() {
      all = true;
      fetchMissing();
    },
    retry() {
      failure = "";
      states.forEach((state, block) => {
        if (state === FAILED) states[block] = ABSENT;
      });
      changed();
    },
    dispose: queue.dispose,
  };
}
