/**
 * A root of views: those of one store that are arranged in it, drawn together.
 *
 * Knows when to draw and what goes with every root; each view knows only its own part.
 */
import type { Store } from "../../store/store";
import { setAttribute } from "../parts/dom";
import { createNotice } from "../parts/notice";
import { detectTheme, followTheme } from "../parts/theme";
import { createTiles } from "../parts/tiles";
import type { Change, Stage } from "../parts/view";
import { arrange, type Wanted } from "./arrangement";
import { createHelp } from "./help";
import { listenToKeys } from "./keyboard";
import { createFrames } from "./render_queue";

export interface Explorer {
  /** Say in place what went wrong, and offer to try again. */
  complain(reason: string, retry: () => void): void;
  /** Say what does not reach Python; no words when all does. */
  warn(words: string): void;
  /** Every part that can arrive has arrived. */
  settle(): void;
  dispose(): void;
}

type Load = (name: string) => Promise<Uint8Array>;

const EVERYTHING: readonly Change[] = [
  "filters",
  "selection",
  "highlight",
  "focus",
  "probe",
  "color",
  "order",
  "groups",
  "histograms",
  "parts",
  "theme",
  "tiles",
  "size",
];

/** What changes many times a second while a hand moves. */
const FLOWING: ReadonlySet<Change> = new Set<Change>(["probe", "highlight"]);

/** Fill the root with the views of a store; one that fails leaves nothing that listens or draws. */
export function createExplorer(
  root: HTMLElement,
  store: Store,
  load: Load,
  wanted: Wanted = { view: "explorer", options: {} },
): Explorer {
  const ending = new AbortController();
  const dispose = () => {
    ending.abort();
    root.replaceChildren();
  };
  try {
    return { ...fill(root, store, load, wanted, ending.signal), dispose };
  } catch (reason) {
    dispose();
    throw reason;
  }
}

function fill(
  root: HTMLElement,
  store: Store,
  load: Load,
  wanted: Wanted,
  signal: AbortSignal,
): Omit<Explorer, "dispose"> {
  const atEnd = (act: () => void) => signal.addEventListener("abort", act, { once: true });
  const frames = createFrames<Change>(draw);
  atEnd(frames.dispose);
  const notice = createNotice(signal);
  const warning = createNotice(signal, "dismiss");
  const refusal = createNotice(signal, "dismiss");
  const tiles =
    store.manifest.images &&
    createTiles(store.manifest.images, load, {
      onReady: () => frames.ask("tiles"),
      onFailure(reason) {
        notice.show(`Pictures: ${reason.message}`, () => tiles?.retry());
        frames.ask("tiles");
      },
    });
  atEnd(() => tiles?.dispose());
  const stage: Stage = { store, tiles, signal, theme: detectTheme, load };
  const help = createHelp(signal);
  const arrangement = arrange(stage, wanted, {
    ask: (change) => frames.ask(change),
    help: help.open,
  });
  const { views, above, body, below } = arrangement;
  const notices = [notice, warning, refusal].map(({ element }) => element);
  root.replaceChildren(...above, ...notices, body, help.element, ...below);
  let settled = false;

  function draw(changed: ReadonlySet<Change>): void {
    if (changed.has("theme")) setAttribute(root, "data-depthviz-theme", detectTheme());
    if (changed.has("size") && root.clientWidth > 0) arrangement.layOut(root);
    for (const view of views) view.update(changed);
    setAttribute(
      root,
      "data-depthviz-ready",
      settled && (tiles?.idle ?? true) ? "true" : undefined,
    );
  }

  function count(): void {
    setAttribute(root, "data-depthviz-shown", store.filters.shownCount);
    setAttribute(root, "data-depthviz-selected", store.selection.count);
  }

  const unsubscribe = store.subscribe((topic) => {
    count();
    if (topic === "refusal") return refusal.show(store.refusal);
    if (topic === "filters") refusal.hide();
    if (FLOWING.has(topic)) frames.ask(topic);
    else frames.askPromptly(topic);
  });
  atEnd(unsubscribe);
  const unfollow = followTheme(() => {
    if (root.getAttribute("data-depthviz-theme") !== detectTheme()) frames.ask("theme");
  });
  atEnd(unfollow);
  const observer = new ResizeObserver(() => frames.ask("size"));
  observer.observe(root);
  atEnd(() => observer.disconnect());
  listenToKeys(root, store, { step: arrangement.step, help: help.open }, signal);
  count();
  for (const change of EVERYTHING) frames.ask(change);

  return {
    complain: notice.show,
    warn: (words) => (words === "" ? warning.hide() : warning.show(words)),
    settle() {
      settled = true;
      frames.ask("parts");
    },
  };
}
