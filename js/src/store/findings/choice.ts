/**
 * Choosing a finding: it filters, sorts and colors all views; choosing it again lets go, and all is as before.
 */
import { batch } from "../reactive";
import type { Store } from "../store";
import type { Finding } from "./finding";
import { isChosen } from "./findings";

export interface Choice {
  /** Choose a finding, or let it go. */
  toggle(finding: Finding): void;
}

interface Looks {
  readonly sort: string;
  readonly reversed: boolean;
  readonly color: string;
  readonly probe: number;
}

export function createChoice(store: Store): Choice {
  let before: Looks | null = null;

  function show({ sort, reversed, color, probe }: Looks): void {
    store.setSort(sort, reversed);
    store.setColor(color);
    store.setProbe(probe);
  }

  function choose(finding: Finding): void {
    before ??= looksOf(store);
    const { sort, color, probe } = finding;
    store.replaceFilters(finding.filters);
    show({ sort, reversed: false, color, probe: probe ?? store.probe });
  }

  function letGo({ filters }: Finding): void {
    const none = Object.keys(filters).map((name) => [name, []] as const);
    store.setFilters(Object.fromEntries(none));
    if (before) show(before);
    before = null;
  }

  return {
    toggle: (finding) => batch(() => (isChosen(store, finding) ? letGo(finding) : choose(finding))),
  };
}

function looksOf({ sort, reversed, color, probe }: Store): Looks {
  return { sort, reversed, color, probe };
}
