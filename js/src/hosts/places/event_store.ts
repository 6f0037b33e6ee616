/**
 * Events in the browser's own storage, IndexedDB: one record an event, under the name of what it belongs to.
 *
 * All pages of a disk share one storage, and so do all notebooks of a server. What was acknowledged is on the disk: a transaction is
 * awaited to its end, and asks the browser to write before it says so.
 */
import type { AnnotationEvent } from "../../annotations/contract";
import { readEvents } from "../../annotations/reading";

const DATABASE = "depthviz-annotations";
const EVENTS = "events";

export interface EventStore {
  /** Add events, each once; rejects with the reason where the browser keeps nothing. */
  add(name: string, events: readonly AnnotationEvent[]): Promise<void>;
  all(name: string): Promise<AnnotationEvent[]>;
  /** Take events off since they are kept elsewhere, and leave a mark of it for other views. */
  acknowledge(name: string, ids: readonly string[]): Promise<void>;
  /** Ids of those that bear such a mark: what is missing without one was lost. */
  acknowledged(name: string): Promise<ReadonlySet<string>>;
}

/** So long a mark stays at least, in milliseconds; a view that was left alone for longer sends its events again. */
const MARK_MS = 14 * 86_400_000;

export function createEventStore(): EventStore {
  let opened: Promise<IDBDatabase> | null = null;
  let tidied = false;

  function open(): Promise<IDBDatabase> {
    opened ??= openDatabase(() => {
      opened = null;
    }).catch((reason) => {
      opened = null;
      throw reason;
    });
    return opened;
  }

  /** Run one transaction to its end. */
  async function run<T>(
    mode: IDBTransactionMode,
    work: (events: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(EVENTS, mode, { durability: "strict" });
      const request = work(transaction.objectStore(EVENTS));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("It was broken off."));
    });
  }

  async function marksOf(name: string): Promise<Mark[]> {
    return run<Mark[]>("readonly", (kept) => kept.getAll(rangeOf(markName(name))));
  }

  /** Take off the oldest marks, once a page. */
  async function tidy(name: string): Promise<void> {
    if (tidied) return;
    tidied = true;
    const old = (await marksOf(name)).filter(({ at }) => at < Date.now() - MARK_MS);
    if (old.length === 0) return;
    await run("readwrite", (kept) => last(old.map(({ id }) => kept.delete([markName(name), id]))));
  }

  return {
    async add(name, events) {
      if (events.length === 0) return;
      await run("readwrite", (kept) =>
        last(events.map((event) => kept.put({ name, id: event.id, event }))),
      );
    },
    async all(name) {
      const records = await run<unknown[]>("readonly", (kept) => kept.getAll(rangeOf(name)));
      return readEvents(records.map((record) => (record as { event?: unknown })?.event));
    },
    async acknowledge(name, ids) {
      if (ids.length === 0) return;
      const mark = { name: markName(name), at: Date.now() };
      await run("readwrite", (kept) => {
        for (const id of ids) kept.delete([name, id]);
        return last(ids.map((id) => kept.put({ ...mark, id })));
      });
      await tidy(name);
    },
    acknowledged: async (name) => new Set((await marksOf(name)).map(({ id }) => id)),
  };
}

/** What says that an event is kept elsewhere. */
interface Mark {
  readonly name: string;
  readonly id: string;
  readonly at: number;
}

function markName(name: string): string {
  return `acknowledged/${name}`;
}

/** All keys that begin with a name: an array sorts behind any text. */
function rangeOf(name: string): IDBKeyRange {
  return IDBKeyRange.bound([name], [name, []]);
}

function last<T>(requests: readonly T[]): T {
  return requests[requests.length - 1] as T;
}

function openDatabase(closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(EVENTS, { keyPath: ["name", "id"] });
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = closed;
      database.onversionchange = () => {
        database.close();
        closed();
      };
      resolve(database);
    };
  });
}
