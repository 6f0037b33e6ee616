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
import { type Manifest, readManifest } from "./store/manifest";
import { packMask, unpackMask } from "./store/masks";
import { effect, untracked } from "./store/reactive";
import { type Held, hold } from "./store/registry";
import { indicesOf } from "./store/selection";
import { Store } from "./store/store";

export class Session {
  readonly source: ChunkSource = createChunkSource();
  #store: Promise<Store> | null = null;
  /** The host that the store was made from, until it is in step. */
  #origin: Host | null = null;
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
    this.#parts ??= loadParts(store, this.source).catch((reason) => {
      this.#parts = null;
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
    const store = new Store(manifest, await loadColumns(manifest, this.source));
    adoptSelection(store, host);
    store.restore(host.readUiState());
    store.setFocus(store.focus ?? store.listing[0] ?? null);
    store.undo.forget();
    this.#origin = host;
    if (!this.#ended) this.#unlink = linkFrames(store, host.sessionId);
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
  return new Map(await Promise.all(columns));
}

async function loadParts(store: Store, source: ChunkSource): Promise<void> {
  const { chunks, map } = store.manifest;
  const errors = new Map<string, Uint16Array>();
  const fetch = async (name: string, keep: (bytes: Uint8Array) => void) => {
    if (name in chunks) keep(await source.load(name));
  };
  await Promise.all([
    map && fetch("map", (bytes) => store.provide({ map: asUint16(bytes) })),
    fetch("votes", (bytes) => store.provide({ votes: asUint16(bytes) })),
    fetch("agreement", (bytes) => store.provide({ agreement: bytes })),
    ...store.manifest.columns.map(({ name }) =>
      fetch(`error/${name}`, (bytes) => errors.set(name, asUint16(bytes))),
    ),
  ]);
  if (errors.size > 0) store.provide({ errors });
}
