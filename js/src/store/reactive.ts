/**
 * The signals of `@preact/signals-core`, one runtime for all views of a page.
 *
 * JupyterLab evaluates the module once for every widget. Each evaluation has a runtime of its own, and an effect of one does not see
 * what it reads of another's signals: a view would not follow a store that another view made. So the first one is shared.
 */
import { batch, computed, effect, signal, untracked } from "@preact/signals-core";

export type { ReadonlySignal as Computed, Signal } from "@preact/signals-core";

interface Runtime {
  readonly batch: typeof batch;
  readonly computed: typeof computed;
  readonly effect: typeof effect;
  readonly signal: typeof signal;
  readonly untracked: typeof untracked;
}

const KEY = Symbol.for("depthviz/1/signals");

const shared = globalThis as unknown as Record<symbol, Runtime | undefined>;
const runtime = shared[KEY] ?? { batch, computed, effect, signal, untracked };
shared[KEY] = runtime;

const {
  batch: sharedBatch,
  computed: sharedComputed,
  effect: sharedEffect,
  signal: sharedSignal,
  untracked: sharedUntracked,
} = runtime;

export {
  sharedBatch as batch,
  sharedComputed as computed,
  sharedEffect as effect,
  sharedSignal as signal,
  sharedUntracked as untracked,
};
