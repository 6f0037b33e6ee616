/**
 * Annotating in an offline page: how the study is annotated, what was decided when the page was written, and the browser's storage.
 */
import { readEvents } from "../../annotations/reading";
import { readSettings } from "../../annotations/settings";
import { isRecord } from "../../store/keeping/moment";
import type { Host } from "../host";
import { createBrowserPlace } from "../places/browser_place";

/** Nothing where the page annotates nothing. */
export function createPageAnnotating(page: object): Pick<Host, "annotated"> {
  const raw = "annotations" in page ? page.annotations : null;
  const settings = readSettings(raw);
  if (!settings || !isRecord(raw)) return {};
  const place = createBrowserPlace(`page/${String(raw.place)}`, readEvents(raw.events));
  return { annotated: { settings, place } };
}
