/**
 * A root of views: those of one store that are arranged in it, drawn together.
 *
 * Knows when to draw and what goes with every root; each view knows only its own part.
 */
import { deskOf } from "../../annotations/session_desk";
import type { Keeper } from "../../store/keeping/keeper";
import { lateColumn } from "../../store/previews/late_texts";
import { signal as createSignal, effect } from "../../store/reactive";
import type { Store } from "../../store/store";
import { setAttribute } from "../parts/dom";
import { createTiles } from "../parts/examples/tiles";
import { on } from "../parts/interaction";
import { createNotice, type Notice } from "../parts/notice";
import { detectTheme, followTheme, readTheme } from "../parts/theme";
import { type Drawing, paintOnChange, type ViewContext } from "../parts/view";
import { arrange, type ViewRequest } from "./arrangement";
import { createHelp } from "./help";
import { listenToKeys } from "./keyboard";
import { createRenderQueue } from "./render_queue";

/** What is said in a root that is filled. */
interface Filled {
  /** Say in place what went wrong, and offer to try again. */
  showError(reason: string, retry: () => void): void;
  /** Say what does not reach Python; no words when all does. */
  showWarning(words: string): void;
  /** Say what Python has not answered yet; no words when it has. */
  showWait(words: string): void;
  /** Every part that can arrive has arrived. */
  settle(): void;
}

export interface Explorer extends Filled {
  dispose(): void;
}

type Load = (name: string) => Promise<Uint8Array>;

/** Fill the root with the views of a store; one that fails leaves nothing that listens or draws. */
export function createExplorer(
  root: HTMLElement,
  store: Store,
  load: Load,
  request: ViewRequest = { view: "explorer", options: {} },
  keeper?: Keeper,
): Explorer {
  const ending = new AbortController();
  const dispose = () => {
    ending.abort();
    root.replaceChildren();
  };
  try {
    return { ...fill(root, store, load, request, keeper, ending.signal), dispose };
  } catch (reason) {
    dispose();
    throw reason;
  }
}

function fill(
  root: HTMLElement,
  store: Store,
  load: Load,
  request: ViewRequest,
  keeper: Keeper | undefined,
  signal: AbortSignal,
): Filled {
  const atEnd = (act: () => void) => on(signal, "abort", act, { once: true });
  const notice = createNotice(signal);
  const warning = createNotice(signal, "dismiss");
  const refusal = createNotice(signal, "dismiss");
  const waiting = createNotice(signal, "dismiss");
  waiting.element.classList.add("passing");
  const theme = createSignal(detectTheme());
  const chosenTheme = createSignal(readTheme(keeper?.readTheme?.()));
  const layout = createSignal(0);
  let settled = false;
  const { images } = store.manifest;
  const tiles = images && createTiles(images, load, failed);
  atEnd(() => tiles?.dispose());
  const texts = PREVIEWS ? lateColumn(store.columns)?.late : undefined;
  const queue = createRenderQueue(() => {
    const come = (tiles?.idle ?? true) && (!PREVIEWS || texts?.idle !== false);
    setAttribute(root, "data-depthviz-ready", settled && come ? "true" : undefined);
  });
  atEnd(queue.dispose);
  const { schedule } = queue;
  const context: ViewContext = {
    ...{ store, tiles, signal, layout, load, schedule },
    ...{ keeper, chosenTheme },
    ...(ANNOTATING && deskOf(store)),
    ...(PREVIEWS && texts && { texts }),
    theme: () => (chosenTheme.value === "auto" ? theme.value : chosenTheme.value),
  };
  paintTheme(context, root);
  const fit = () => root.clientWidth > 0 && arrangement.layOut(root);
  paintOnChange(context, () => {
    if (layout.value > 0) fit();
  });
  const help = createHelp(signal);
  const arrangement = arrange(context, request, help.open);
  const { above, body, below } = arrangement;
  const notices = [notice, warning, refusal, waiting].map(({ element }) => element);
  fit(); // as long as the root is empty, asking for its size costs nothing
  root.replaceChildren(...above, ...notices, body, help.element, ...below);

  function failed(reason: Error): void {
    notice.show(`Pictures: ${reason.message}`, () => tiles?.retry());
  }

  atEnd(countExamples(root, store));
  atEnd(showRefusals(refusal, store));
  atEnd(drawPromptly(store, context, queue.scheduleNow));
  if (PREVIEWS) tellOfTexts(context, notice);
  const measure = () => (layout.value = layout.peek() + 1);
  const restyle = () => {
    theme.value = detectTheme();
    // A host takes its styles away for a moment: what was drawn then was measured without them.
    setTimeout(measure, RESTYLED_MS);
  };
  atEnd(followTheme(restyle));
  atEnd(observeSize(root, measure));
  listenToKeys(root, store, { ...arrangement, help: help.open }, signal);

  return {
    showError: notice.show,
    showWarning: (words) => warning.tell(words),
    showWait: (words) => waiting.tell(words),
    settle() {
      settled = true;
      schedule(NOTHING);
    },
  };
}

const RESTYLED_MS = 300;

function observeSize(root: HTMLElement, changed: () => void): () => void {
  const observer = new ResizeObserver(changed);
  observer.observe(root);
  return () => observer.disconnect();
}

/** Runs last, so that the root learns whether all is drawn. */
const NOTHING: Drawing = { order: Number.POSITIVE_INFINITY, run() {} };

/** The counts on the root are true at all times, drawn or not. */
function countExamples(root: HTMLElement, store: Store): () => void {
  return effect(() => {
    setAttribute(root, "data-depthviz-shown", store.filters.shownCount);
    setAttribute(root, "data-depthviz-selected", store.selection.count);
  });
}

/** Say what was refused, until something is filtered. */
function showRefusals(notice: Notice, store: Store): () => void {
  const filtered = effect(() => {
    store.filterChange;
    notice.hide();
  });
  const refused = effect(() => {
    const { reason } = store.refusal;
    if (reason !== "") notice.show(reason);
  });
  return () => {
    filtered();
    refused();
  };
}

function paintTheme(context: ViewContext, root: HTMLElement): void {
  const { chosenTheme, keeper } = context;
  paintOnChange(context, () => {
    setAttribute(root, "data-depthviz-theme", context.theme());
    setAttribute(root, "data-own-theme", chosenTheme.value !== "auto");
    keeper?.writeTheme?.(chosenTheme.value);
  });
}

/** Say what became of the texts; the root learns whether all have come. */
function tellOfTexts(context: ViewContext, notice: Notice): void {
  const { texts } = context;
  if (!texts) return;
  paintOnChange(context, () => {
    if (texts.failure) notice.show(`Texts: ${texts.failure}`, texts.retry);
    context.schedule(NOTHING);
  });
}

/** Draw at once what a person did and what came; probe and highlight flow while a hand moves, and wait for the next frame. */
function drawPromptly(
  store: Store,
  { tiles, texts }: ViewContext,
  scheduleNow: () => void,
): () => void {
  let begun = false;
  return effect(() => {
    tiles?.version;
    if (PREVIEWS) texts?.version;
    store.filterChange;
    store.selectionChange;
    for (const name of PROMPT) store[name];
    if (begun) scheduleNow();
    begun = true;
  });
}

const PROMPT = [
  "selectedOnly",
  "focus",
  "color",
  "axes",
  "order",
  "boundaries",
  "quantile",
  "histograms",
  "size",
  "parts",
  "frame",
] as const;
