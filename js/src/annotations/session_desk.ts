/**
 * The desk of a session: one for all views of a store, through the place of whichever of their hosts is alive.
 */
import { hold } from "../store/registry";
import type { Store } from "../store/store";
import type { Annotated, Desk, Place } from "./contract";
import { StoreDesk } from "./desk";
import { rememberAnnotator, rememberedAnnotator } from "./remembered";

interface Host {
  readonly sessionId: string;
  readonly annotated?: Annotated;
}

/** How often it is looked for what others have recorded, while the page is seen. */
const LOOK_MS = 15_000;

class Shared {
  readonly desk: StoreDesk;
  readonly #places: Place[] = [];
  readonly #timer;
  readonly #ending = new AbortController();

  constructor(store: Store, { settings }: Annotated) {
    const annotator = settings.annotator || rememberedAnnotator();
    this.desk = new StoreDesk(store, { ...settings, annotator }, rememberAnnotator);
    this.#timer = setInterval(() => {
      if (!document.hidden) void this.desk.refresh();
    }, LOOK_MS);
    // What nobody keeps would be lost: the browser asks whether to stay.
    const warn = (event: Event) => {
      if (this.desk.unkept > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn, { signal: this.#ending.signal });
  }

  end(): void {
    this.#ending.abort();
    clearInterval(this.#timer);
  }

  attach(place: Place): () => void {
    this.#places.push(place);
    if (this.#places.length === 1) void this.desk.use(place);
    return () => {
      const first = this.#places[0] === place;
      this.#places.splice(this.#places.indexOf(place), 1);
      if (first) void this.desk.use(this.#places[0] ?? null);
    };
  }
}

const KEY = Symbol.for("depthviz/1/desks");

/** Views of one store may come from modules of their own. */
const shared = globalThis as unknown as Record<symbol, WeakMap<object, Desk> | undefined>;

/** The desk of a store, where its study is annotated. */
export function deskOf(store: object): { readonly desk?: Desk } {
  const desk = shared[KEY]?.get(store);
  return desk ? { desk } : {};
}

/** Open the desk of a host's session, where the host annotates; returns the way to leave it. */
export function openDesk(store: Store, { sessionId, annotated }: Host): () => void {
  if (!annotated) return () => {};
  const held = hold(
    `${sessionId}/desk`,
    () => new Shared(store, annotated),
    (ended) => {
      ended.end();
      shared[KEY]?.delete(store);
    },
  );
  shared[KEY] ??= new WeakMap();
  shared[KEY].set(store, held.value.desk);
  const detach = held.value.attach(annotated.place);
  return () => {
    detach();
    held.release();
  };
}
