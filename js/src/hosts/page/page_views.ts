/**
 * The named views of an offline page: those that came with the study, and those that a person keeps in the browser.
 *
 * All pages of a disk share one storage, so that the key names the study and the page. A browser may refuse to keep anything: then
 * a view lasts as long as the page is open.
 */
import type { Kept } from "../../store/keeping/keeper";
import { isRecord, type KeptMoment } from "../../store/keeping/moment";

export interface PageViews {
  find(name: string): unknown;
  /** Keep a view, or forget one by null. */
  keep(name: string, view: KeptMoment | null): void;
  list(): Kept["views"];
}

const UNKEPT = "This browser keeps nothing: the view lasts as long as the page is open.";

export function createPageViews(
  study: string,
  brought: Readonly<Record<string, unknown>>,
): PageViews {
  const key = `depthviz/views/${study}${location.pathname}`;
  const own = new Map(Object.entries(viewsIn(readItem(key))));
  return {
    find: (name) => own.get(name) ?? brought[name],
    keep(name, view) {
      if (view) own.set(name, view);
      else own.delete(name);
      writeItem(key, JSON.stringify(Object.fromEntries(own)));
      if (view && readItem(key) === null) throw new Error(UNKEPT);
    },
    list: () =>
      [...new Set([...Object.keys(brought), ...own.keys()])].map((name) => [name, own.has(name)]),
  };
}

/** What somebody else has written there is no view. */
function viewsIn(text: string | null): Record<string, unknown> {
  try {
    const views: unknown = JSON.parse(text ?? "{}");
    return isRecord(views) ? views : {};
  } catch {
    return {};
  }
}

/** What the browser keeps; null where it refuses or keeps nothing. */
export function readItem(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeItem(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // A browser that is full or refuses keeps what it had.
  }
}
