/**
 * A session: one study's store and the hosts that feed it, shared by all views with the same session id.
 *
 * Columns come first, since everything is counted from them; maps, votes and agreement follow. A failed load is forgotten, so
 * that it can be tried again.
 */

import { isFramed, openChannel } from "./hosts/channel";
import { type ChunkSource, createChunkSource } from "./hosts/chunk_source";
import type { Host } from "./hosts/host";
import { asUint16, type Column, decodeColumn } from "./store/columns";
import type { Parts } from "./store/fields";
import { type Manifest, readManifest } from "./store/manifest";
import { packMask, unpackMask } from "./store/masks";
import { createLateColumn } from "./store/previews/late_texts";
import { followSearch } from "./store/previews/searching";
import { effect, untracked } from "./store/reactive";
import { type Held, hold } from "./store/registry";
import { indicesOf } from "./store/selection";
import { Store } from "./store/store";

/** The name of a chunk, and its bytes once they have come. */
type Asked = readonly [name: string, bytes: Promise<Uint8Array>];

export class Session {
  readonly source: ChunkSource = createChunkSource();
  #store: Promise<Store> | null = null;
  /** The host that the store was made from, until it is in step. */
  #origin: Host | null = null;
  /** Parts that are on their way already. */
  #asked: readonly Asked[] | null = null;
  #parts: Promise<void> | null = null;
  #unlink = () => {};
  #ended = false;

  /** The store, with all columns and with what the first host had kept of an earlier view. */
  open(host: Host): Promise<Store> {
    this.#store ??= this.#load(host).catch((reason) => {
      this.#store = null;
      throw reason;
    });
    return this.#store;
  }

  /** Whether a host comes to a store that was made from another, or that has changed since. */
  joins(host: Host): boolean {
    const joins = this.#origin !== host;
    if (!joins) this.#origin = null;
    return joins;
  }

  /** Fetch what has one row per probe. */
  fetchParts(store: Store): Promise<void> {
    const asked = this.#asked ?? askForParts(store.manifest, this.source);
    this.#parts ??= provideParts(store, asked).catch((reason) => {
      this.#parts = null;
      this.#asked = null;
      throw reason;
    });
    return this.#parts;
  }

  end(): void {
    this.#ended = true;
    this.#unlink();
  }

  async #load(host: Host): Promise<Store> {
    const manifest = readManifest(host.manifest);
    const columns = loadColumns(manifest, this.source);
    this.#asked = askForParts(manifest, this.source);
    for (const [, bytes] of this.#asked) bytes.catch(() => {}); // told by whoever waits for it
    const store = new Store(manifest, await columns);
    adoptSelection(store, host);
    store.restore(host.readUiState());
    store.setFocus(store.focus ?? store.listing[0] ?? null);
    store.undo.forget();
    // Told by the view, which asks again for what could not be had.
    if (host.whole) await this.fetchParts(store).catch(() => {});
    this.#origin = host;
    if (!this.#ended) this.#unlink = linkFrames(store, host.sessionId);
    if (PREVIEWS) this.#unlink = also(this.#unlink, followSearch(store));
    if (PREVIEWS && this.#ended) this.#unlink();
    return store;
  }
}

export function holdSession(id: string): Held<Session> {
  return hold(
    id,
    () => new Session(),
    (session) => session.end(),
  );
}

/**
 * Keep a host's selection and state equal to the store's; returns the way to stop.
 *
 * A host that joins others is written to at once: what it holds may be older than what they did.
 */
export function keepInStep(store: Store, host: Host, joins = false): () => void {
  const stopListening = host.onChange((what) => {
    if (what === "selection") adoptSelection(store, host);
    else store.restore(host.readUiState());
  });
  const stopSelection = follow(
    () => packMask(store.selection.flags),
    (mask) => host.writeSelection(mask),
    joins,
  );
  const stopState = follow(
    () => store.uiState(),
    (state) => host.writeUiState(state),
    joins,
  );
  return () => {
    stopListening();
    stopSelection();
    stopState();
  };
}

/** Write what is read from a store whenever it changes; what is there now only where asked for. */
function follow<T>(read: () => T, write: (value: T) => void, atOnce: boolean): () => void {
  let begun = atOnce;
  return effect(() => {
    const value = read();
    if (begun) untracked(() => write(value));
    begun = true;
  });
}

/** Keep the stores of a notebook's frames equal; returns the way to stop. What came from another frame is not sent back. */
export function linkFrames(store: Store, id: string): () => void {
  if (!isFramed() || id === "" || id === ALONE) return () => {};
  let receiving = false;
  const channel = openChannel(id, ({ selection, state }) => {
    receiving = true;
    try {
      const flags = unpackMask(selection, store.manifest.count);
      store.select(indicesOf(flags), "replace");
      store.restore(state);
    } finally {
      receiving = false;
    }
  });
  const message = () => ({
    selection: packMask(store.selection.flags),
    state: { ...store.uiState() },
  });
  const stop = follow(
    () => [store.selectionChange, store.uiState()],
    () => receiving || channel.send(message),
    false,
  );
  return () => {
    stop();
    channel.close();
  };
}

/** The session of a page that stands for itself: another page is another study. */
const ALONE = "page";

function adoptSelection(store: Store, host: Host): void {
  const flags = unpackMask(host.readSelection(), store.manifest.count);
  store.select(indicesOf(flags), "replace");
}

async function loadColumns(manifest: Manifest, source: ChunkSource): Promise<Map<string, Column>> {
  const carried = manifest.columns.filter(({ name }) => `column/${name}` in manifest.chunks);
  const columns = carried.map(async (info) => {
    const bytes = await source.load(`column/${info.name}`);
    return [info.name, decodeColumn(info, bytes, manifest)] as const;
  });
  const ready = new Map<string, Column>(await Promise.all(columns));
  if (PREVIEWS) {
    for (const info of manifest.columns.filter(({ per_block }) => per_block))
      ready.set(info.name, createLateColumn(info, manifest.count, source.load));
    if (manifest.rows)
      ready.set("row", createLateColumn({ ...ROW, ...manifest.rows }, manifest.count, source.load));
  }
  return ready;
}

/** No column that a study names: rows are seen, and their fields are columns of their own. */
const ROW = { name: "row", kind: "text", dtype: "text", title: "Row" } as const;

function also(first: () => void, then: () => void): () => void {
  return () => {
    first();
    then();
  };
}

const PARTS = ["map", "votes", "agreement"];
const ERRORS = "error/";

/** Ask for everything that has one row per probe, and for the errors of columns. */
function askForParts({ chunks, columns }: Manifest, source: ChunkSource): Asked[] {
  return [...PARTS, ...columns.map(({ name }) => `${ERRORS}${name}`)]
    .filter((name) => name in chunks)
    .map((name) => [name, source.load(name)]);
}

/** Hand the parts to the store as they come; what comes together is drawn once. */
async function provideParts(store: Store, asked: readonly Asked[]): Promise<void> {
  const errors = new Map<string, Uint16Array>();
  let due: Parts = {};
  let drawn: Promise<void> | null = null;
  async function provide(): Promise<void> {
    await null;
    drawn = null;
    store.provide(due);
  }
  const keep = (name: string, bytes: Uint8Array) => {
    if (name === "agreement") due = { ...due, agreement: bytes };
    else if (!name.startsWith(ERRORS)) due = { ...due, [name]: asUint16(bytes) };
    else due = { ...due, errors: errors.set(name.slice(ERRORS.length), asUint16(bytes)) };
    drawn ??= provide();
    return drawn;
  };
  await Promise.all(asked.map(async ([name, bytes]) => keep(name, await bytes)));
}
