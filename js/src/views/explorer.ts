/**
 * The Explorer: all views of one store side by side, drawn together.
 *
 * Knows how the views share the room and when they are drawn; each view knows only its own part.
 */
import type { Store } from "../store/store";
import { createAnnouncer } from "./announcer";
import { createBar } from "./bar";
import { createBarTools } from "./bar_tools";
import { h, setAttribute } from "./dom";
import { createFacts } from "./facts";
import { createFrames } from "./frames";
import { createGrid } from "./grid";
import { createGroups } from "./groups";
import { createHelp } from "./help";
import { createHistogram } from "./histogram";
import { createInspector } from "./inspector";
import { listenToKeys } from "./keyboard";
import { createMap } from "./map";
import { createNotice } from "./notice";
import type { Change, Stage, View } from "./stage";
import { detectTheme, followTheme } from "./theme";
import { createTiles } from "./tiles";

export interface Explorer {
  /** Say in place what went wrong, and offer to try again. */
  complain(reason: string, retry: () => void): void;
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

/** Fill the root with the views of a store. */
export function createExplorer(root: HTMLElement, store: Store, load: Load): Explorer {
  const ending = new AbortController();
  const { signal } = ending;
  const frames = createFrames<Change>(draw);
  const notice = createNotice(signal);
  const tiles =
    store.manifest.images &&
    createTiles(store.manifest.images, load, {
      onReady: () => frames.ask("tiles"),
      onFailure(reason) {
        notice.show(`Pictures: ${reason.message}`, () => tiles?.retry());
        frames.ask("tiles");
      },
    });
  const stage: Stage = { store, tiles, signal, theme: detectTheme, load };
  const map = createMap(stage);
  const groups = createGroups(stage);
  const histogram = createHistogram(stage);
  const grid = createGrid(stage, () => frames.ask("size"));
  const inspector = createInspector(stage, () => frames.ask("tiles"));
  const bar = createBar(stage);
  const announcer = createAnnouncer(stage);
  const help = createHelp(signal);
  const barTools = createBarTools(stage, help.open);
  bar.element.append(barTools.element);
  const views: readonly View[] = [
    announcer,
    bar,
    barTools,
    groups,
    histogram,
    map,
    grid,
    inspector,
  ];
  const side = h("aside", { class: "side", "aria-label": "Filters" });
  side.append(histogram.element, groups.element, createFacts(store.manifest.facts));
  const body = h("div", { class: "body" }, side, map.element, grid.element, inspector.element);
  root.replaceChildren(bar.element, notice.element, body, help.element, announcer.element);
  let settled = false;

  function draw(changed: ReadonlySet<Change>): void {
    if (changed.has("theme")) setAttribute(root, "data-depthviz-theme", detectTheme());
    if (changed.has("size") && root.clientWidth > 0) layOut();
    for (const view of views) view.update(changed);
    setAttribute(
      root,
      "data-depthviz-ready",
      settled && (tiles?.idle ?? true) ? "true" : undefined,
    );
  }

  /** Filters come first, but below all else where there is one column: the order of Tab is the order seen. */
  function layOut(): void {
    const layout = layoutFor(root.clientWidth);
    if (root.getAttribute("data-layout") === layout) return;
    root.setAttribute("data-layout", layout);
    if (layout === "narrow") body.append(side);
    else body.prepend(side);
  }

  function count(): void {
    setAttribute(root, "data-depthviz-shown", store.filters.shownCount);
    setAttribute(root, "data-depthviz-selected", store.selection.count);
  }

  const unsubscribe = store.subscribe((topic) => {
    count();
    if (FLOWING.has(topic)) frames.ask(topic);
    else frames.askPromptly(topic);
  });
  const unfollow = followTheme(() => {
    if (root.getAttribute("data-depthviz-theme") !== detectTheme()) frames.ask("theme");
  });
  const observer = new ResizeObserver(() => frames.ask("size"));
  observer.observe(root);
  listenToKeys(root, store, { step: map.step, help: help.open }, signal);
  count();
  for (const change of EVERYTHING) frames.ask(change);

  return {
    complain: notice.show,
    settle() {
      settled = true;
      frames.ask("parts");
    },
    dispose() {
      ending.abort();
      unsubscribe();
      unfollow();
      observer.disconnect();
      frames.dispose();
      for (const view of views) view.dispose?.();
      tiles?.dispose();
      root.replaceChildren();
    },
  };
}

function layoutFor(width: number): string {
  if (width >= 1240) return "wide";
  return width >= 700 ? "medium" : "narrow";
}
