/**
 * The fragment of a page's address: what the view shows, so that a reload or a link brings it back.
 *
 * A selection that is too large for an address stays with the entry of the browser's history, which outlives a reload but goes
 * along with no link. Whoever made a link may have written anything into it.
 */
import { fromBase64, toBase64 } from "../../store/base64";
import { keepMoment, type Moment, readMoment } from "../../store/keeping/moment";

const MARK = "#dv=";
/** What mail and chat still take for one link. */
const MOST = 4000;

export const DAMAGED =
  "The link to this view is damaged or of another study: the page is shown as it was written.";

/** What the address says of a study; in words what is wrong with it, null where it says nothing. */
export function readLink(study: string, count: number): Moment | string | null {
  const { hash } = location;
  if (!hash.startsWith(MARK)) return null;
  try {
    const bytes = fromBase64(decodeURIComponent(hash.slice(MARK.length)));
    const raw = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const moment = raw.study === study && readMoment(raw, count);
    const kept: unknown = history.state?.[MARK];
    return moment && kept instanceof Uint8Array
      ? { ...moment, selection: kept }
      : moment || DAMAGED;
  } catch {
    return DAMAGED;
  }
}

/** Write it; returns whether the selection went along. A frame without an address of its own has no room for it. */
export function writeLink(study: string, moment: Moment): boolean {
  const { state, selection } = keepMoment(moment);
  const whole = fragmentOf({ study, state, selection });
  const fits = whole.length <= MOST;
  try {
    const kept = { [MARK]: fits ? null : moment.selection };
    history.replaceState(kept, "", fits ? whole : fragmentOf({ study, state }));
  } catch {
    return false;
  }
  return fits;
}

function fragmentOf(content: object): string {
  return MARK + toBase64(new TextEncoder().encode(JSON.stringify(content)));
}
