/**
 * What an offline page remembers without a kernel: what it shows in its address, named views and the theme in the browser.
 */
import { fromBase64 } from "../../store/base64";
import type { Keeper } from "../../store/keeping/keeper";
import { keepMoment, type Moment, readMoment } from "../../store/keeping/moment";
import type { Host } from "../host";
import { createOutbox } from "../kernel/outbox";
import { readLink, writeLink } from "./page_link";
import { createPageViews, readItem, writeItem } from "./page_views";

const THEME = "depthviz/theme";
/** A browser takes an address dear: its own process keeps it, so it is written when a hand has come to rest. */
const ADDRESS_REST_MS = 500;

/** What a page says of its study and of where it begins. */
export interface Remembered {
  readonly manifest: unknown;
  /** One bit an example, in base64. */
  readonly selection?: string;
  readonly ui_state?: Readonly<Record<string, unknown>>;
  /** What distinguishes the study from others. */
  readonly study?: string;
  /** The named views that came with the study. */
  readonly views?: Readonly<Record<string, unknown>>;
}

type Memory = Omit<Host, "manifest" | "sessionId" | "height" | "request" | "load">;

export function createPageMemory(page: Remembered): Memory {
  const { study = "", ui_state: state = {} } = page;
  const count = Number((page.manifest as { count?: unknown })?.count) || 0;
  const listeners = new Set<Parameters<Host["onChange"]>[0]>();
  let now: Moment = { state, selection: fromBase64(page.selection ?? "") };
  let whole = true;
  let problem = "";
  let tell = (words: string) => {
    problem = words;
  };
  const address = createOutbox(() => {
    whole = writeLink(study, now);
  }, ADDRESS_REST_MS);

  function note(change: Partial<Moment>): void {
    now = { ...now, ...change };
    address.write("", null);
  }

  function show(moment: Moment): void {
    const next = { ...moment, state: { ...state, ...moment.state } };
    for (const part of ["selection", "ui_state"] as const) {
      now = next; // whoever heard of the first part has noted the second as it was
      for (const listener of listeners) listener(part);
    }
  }

  /** A link may be opened in a page that is open. */
  function follow(): void {
    const found = readLink(study, count);
    if (typeof found === "string") tell(found);
    else if (found) show(found);
  }

  function link() {
    note({});
    address.flush();
    return { address: location.href, whole };
  }

  follow();
  addEventListener("hashchange", follow);
  addEventListener("pagehide", address.flush);
  return {
    readSelection: () => now.selection,
    readUiState: () => now.state,
    writeSelection: (bits) => note({ selection: bits.slice() }),
    writeUiState: (next) => note({ state: { ...next } }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onError(listener) {
      tell = listener;
      if (problem !== "") listener(problem);
    },
    onWait() {},
    keeper: { ...createPageKeeper(page, (raw) => readMoment(raw, count), show), link },
    dispose() {
      removeEventListener("hashchange", follow);
      removeEventListener("pagehide", address.flush);
      address.flush();
    },
  };
}

function createPageKeeper(
  { study = "", views = {} }: Remembered,
  read: (raw: unknown) => Moment | null,
  show: (moment: Moment) => void,
): Keeper {
  const kept = createPageViews(study, views);
  return {
    async act(what, name, moment) {
      if (what === "restore") {
        const found = read(kept.find(name));
        if (!found) throw new Error(`“${name}” cannot be read.`);
        show(found);
      }
      if (what === "save") kept.keep(name, keepMoment(moment));
      if (what === "delete") kept.keep(name, null);
      return { views: kept.list(), code: codeOf(moment.state) };
    },
    readTheme: () => readItem(THEME),
    writeTheme(theme) {
      writeItem(THEME, theme);
      // The page around the view follows.
      document.documentElement.style.colorScheme = theme === "auto" ? "" : theme;
    },
  };
}

/** What the view shows, without a kernel that could word its filters; none where it is examples by name. */
function codeOf({ filters, boundaries, selected_only }: Moment["state"]): string {
  const text = JSON.stringify(JSON.stringify({ filters, boundaries }));
  return selected_only
    ? ""
    : `import json, depthviz\nview = depthviz.explore(study)\nview.ui_state = json.loads(${text})\nview.shown`;
}
