/**
 * A file for a person to keep, made in the page: no server, no kernel.
 */
import { textOf } from "../../store/columns";
import type { Store } from "../../store/store";

const SPECIAL = /[",\r\n]/;

/** The ids of examples as CSV (RFC 4180), one line each under a heading. */
export function csvOf(store: Store, indices: Iterable<number>): string {
  const ids = store.columns.get("example_id");
  const lines = Array.from(indices, (index) => quoted(ids ? textOf(ids, index) : String(index)));
  return ["example_id", ...lines, ""].join("\r\n");
}

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The file is let go a moment later: a browser may read it after the click. */
export function offerFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), RELEASE_MS);
}

const RELEASE_MS = 10_000;
