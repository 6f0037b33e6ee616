/**
 * The live region: says in words what changed, for people who do not see it.
 *
 * Waits until a hand or a glide has come to rest, and says the last of it once; what the focused control says by itself
 * is not said again.
 */
import { formatCount } from "../../store/columns";
import { describeFilters } from "../../store/filters/filter_words";
import { orderInWords } from "../../store/listing/order_words";
import type { Store } from "../../store/store";
import { h, setText } from "../parts/dom";
import { on } from "../parts/interaction";
import { paintOnChange, type View, type ViewContext } from "../parts/view";

const REST_MS = 500;

type Topic = "filters" | "selection" | "probe" | "order";

const TOPICS: readonly Topic[] = ["filters", "selection", "probe", "order"];

export function createAnnouncer(context: ViewContext): View {
  const { store, signal } = context;
  const element = h("div", { class: "spoken", role: "status", "aria-live": "polite" });
  const changes = new Set<Topic>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function announce(): void {
    const sentences = TOPICS.filter((topic) => changes.has(topic)).map((topic) =>
      SENTENCES[topic](store),
    );
    changes.clear();
    setText(element, [...new Set(sentences.filter(Boolean))].join(" "));
  }

  /** What is there at the beginning is no change. */
  function follow(topic: Topic): void {
    let begun = false;
    paintOnChange(context, () => {
      SENTENCES[topic](store);
      if (begun && !saysItself(element, topic)) changes.add(topic);
      if (begun) clearTimeout(timer);
      if (begun) timer = setTimeout(announce, REST_MS);
      begun = true;
    });
  }

  on(signal, "abort", () => clearTimeout(timer), { once: true });
  TOPICS.forEach(follow);
  return { element };
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
    const { title = "" } = store.columns.get(store.sort)?.info ?? {};
    return `Sorted by ${title}, ${orderInWords(store)}.`;
  },
};

/** A slider with the focus says its value as it moves. */
function saysItself(element: HTMLElement, topic: Topic): boolean {
  if (topic !== "probe") return false;
  const { activeElement } = element.getRootNode() as Document | ShadowRoot;
  return activeElement instanceof HTMLInputElement && activeElement.type === "range";
}
