/**
 * The live region: says in words what changed, for people who do not see it.
 *
 * Waits until a hand or a glide has come to rest, and says the last of it once; what the focused control says by itself
 * is not said again.
 */
import { describeFilters } from "../../store/filters/filter_words";
import type { Store } from "../../store/store";
import { formatCount, h, setText } from "../parts/dom";
import type { Change, Stage, View } from "../parts/view";

const REST_MS = 500;

type Topic = "filters" | "selection" | "probe" | "order";

const TOPICS: readonly Topic[] = ["filters", "selection", "probe", "order"];

export function createAnnouncer({ store, signal }: Stage): View {
  const element = h("div", { class: "spoken", role: "status", "aria-live": "polite" });
  const changes = new Set<Topic>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let begun = false;

  function say(): void {
    const sentences = TOPICS.filter((topic) => changes.has(topic)).map((topic) =>
      SENTENCES[topic](store),
    );
    changes.clear();
    setText(element, [...new Set(sentences.filter(Boolean))].join(" "));
  }

  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return {
    element,
    update(changed: ReadonlySet<Change>) {
      const news = TOPICS.filter((topic) => changed.has(topic));
      if (!begun || news.length === 0) {
        begun = true;
        return;
      }
      for (const topic of news) if (!saysItself(element, topic)) changes.add(topic);
      clearTimeout(timer);
      timer = setTimeout(say, REST_MS);
    },
  };
}

const SENTENCES: Readonly<Record<Topic, (store: Store) => string>> = {
  filters(store) {
    const words = describeFilters(store);
    const shown = `${formatCount(store.filters.shownCount)} of ${formatCount(store.manifest.count)} shown.`;
    return words.length > 0 ? `${shown} ${words.join("; ")}.` : `${shown} No filters.`;
  },
  selection: (store) => `${formatCount(store.selection.count)} selected.`,
  probe(store) {
    const { probes } = store.manifest;
    const at = Math.round(store.probe);
    return `Probe ${probes[at] ?? ""}, ${at + 1} of ${probes.length}.`;
  },
  order(store) {
    const { title = "", harder } = store.columns.get(store.sort)?.info ?? {};
    if (!harder) return `Sorted by ${title}.`;
    return `Sorted by ${title}, ${store.reversed ? "easiest" : "hardest"} first.`;
  },
};

/** A slider with the focus says its value as it moves. */
function saysItself(element: HTMLElement, topic: Topic): boolean {
  if (topic !== "probe") return false;
  const { activeElement } = element.getRootNode() as Document | ShadowRoot;
  return activeElement instanceof HTMLInputElement && activeElement.type === "range";
}
