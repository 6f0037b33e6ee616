/**
 * The place of a notebook: a kernel with a store behind it, and the browser's storage for what the kernel does not have yet.
 *
 * A connection may lose a message without a word, and a kernel may be dead, busy or started anew. So each event is noted in the browser
 * when it is decided, and forgotten when Python has said that it is kept; a request is sent again, more and more rarely, until it is
 * answered. Where the way is closed for good, a later view of the same study and store finds what was noted, brings it to Python and
 * marks it as brought: without that mark nothing is believed to be kept, for a browser may forget what it noted.
 */
import type { AnnotationEvent, Place } from "../../annotations/contract";
import { readEvents } from "../../annotations/reading";
import { isRecord } from "../../store/keeping/moment";
import { createEventStore, type EventStore } from "./event_store";

export const WAITING =
  "Python has not answered yet: it computes, or the connection is away. What you decide is kept in this browser and sent again.";
export const LOST =
  "The kernel is gone or was started anew. What you decide is kept in this browser; it goes to Python when the cell is run again.";
const UNNOTED = "This browser keeps nothing: download the log before you close this page.";

/** The same where the browser keeps nothing either. */
const WITHOUT_NOTES: Readonly<Record<string, string>> = {
  [WAITING]: `Python has not answered yet: it computes, or the connection is away. ${UNNOTED}`,
  [LOST]: `The kernel is gone or was started anew. ${UNNOTED}`,
};

const PATIENCE_MS = 3000;
const LONGEST_MS = 60_000;
/** How often it is looked whether another view has brought to the kernel what waits here. */
const LOOK_MS = 2000;

type Tell = (words: string) => void;

interface Request {
  readonly message: Readonly<Record<string, unknown>>;
  /** Null where it is not tried again: whoever asked may ask anew. */
  readonly tell: Tell | null;
  readonly resolve: (answer: Record<string, unknown>) => void;
  readonly reject: (reason: Error) => void;
  patience: number;
  timer?: ReturnType<typeof setTimeout>;
}

export interface KernelPlace extends Place {
  receive(message: unknown): void;
  /** The way is open again: what waits goes out at once. */
  resume(): void;
  /** The other side is gone. */
  lose(): void;
  dispose(): void;
}

/** `name` is that of the study and its store. */
export function createKernelPlace(
  send: (message: object) => void,
  name: string,
  store: EventStore = createEventStore(),
): KernelPlace {
  const requests = createRequests(send);
  const noted = `pending/${name}`;
  const ending = new AbortController();

  const note = (events: readonly AnnotationEvent[]) =>
    store.add(noted, events).then(
      () => true,
      () => false,
    );

  /** Whether another view has brought all of these to the kernel; what is neither noted nor brought is noted again. */
  async function areBrought(events: readonly AnnotationEvent[]): Promise<boolean> {
    const [waiting, brought] = await Promise.all([store.all(noted), store.acknowledged(noted)]);
    const known = new Set([...brought, ...waiting.map(({ id }) => id)]);
    await note(events.filter(({ id }) => !known.has(id)));
    return events.every(({ id }) => brought.has(id));
  }

  /** Resolves when another view has brought all of these to the kernel. */
  function broughtByAnother(events: readonly AnnotationEvent[], done: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (done.aborted || ending.signal.aborted) return;
      const timer = setInterval(async () => {
        if (requests.lost && (await areBrought(events).catch(() => false))) resolve();
      }, LOOK_MS);
      const stop = () => clearInterval(timer);
      done.addEventListener("abort", stop, { once: true });
      ending.signal.addEventListener("abort", stop, { once: true });
    });
  }

  return {
    hold: note,
    async keep(events, tell) {
      const done = new AbortController();
      const say = sayAsNoted(tell);
      const brought = note(events).then((isNoted) => {
        say.noted(isNoted);
        return broughtByAnother(events, done.signal);
      });
      try {
        await Promise.race([requests.ask({ act: "keep", events }, say.tell), brought]);
      } finally {
        done.abort();
      }
      const ids = events.map(({ id }) => id);
      store.acknowledge(noted, ids).catch(ignore);
    },
    async read(after) {
      const { events, number, more } = await requests.ask({ act: "read", after }, null);
      return { events: readEvents(events), number: Number(number) || 0, more: more === true };
    },
    left: () => store.all(noted).catch((): AnnotationEvent[] => []),
    receive: requests.receive,
    resume: requests.resume,
    lose: requests.lose,
    dispose() {
      ending.abort();
      requests.dispose();
    },
  };
}

/** Requests that wait for their answer. */
function createRequests(send: (message: object) => void) {
  const waiting = new Map<string, Request>();
  const page = Math.random().toString(36).slice(2);
  let made = 0;
  let lost = false;

  function post(id: string, request: Request): void {
    clearTimeout(request.timer);
    if (lost) return;
    const { patience } = request;
    request.timer = setTimeout(() => {
      if (patience > PATIENCE_MS) request.tell?.(WAITING);
      request.patience = Math.min(2 * patience, LONGEST_MS);
      post(id, request);
    }, patience);
    try {
      send({ type: "annotate", id, ...request.message });
    } catch {
      lose();
    }
  }

  function lose(): void {
    lost = true;
    for (const request of waiting.values()) {
      clearTimeout(request.timer);
      complain(request, LOST);
    }
  }

  return {
    get lost() {
      return lost;
    },
    ask(message: Request["message"], tell: Tell | null): Promise<Record<string, unknown>> {
      const id = `${page}:${++made}`;
      return new Promise<Record<string, unknown>>((resolve, reject) => {
        const request: Request = { message, tell, resolve, reject, patience: PATIENCE_MS };
        waiting.set(id, request);
        if (lost) complain(request, LOST);
        post(id, request);
      }).finally(() => {
        clearTimeout(waiting.get(id)?.timer);
        waiting.delete(id);
      });
    },
    receive(answer: unknown) {
      if (!isRecord(answer) || answer.type !== "annotate") return;
      const request = waiting.get(String(answer.id));
      if (!request) return;
      lost = false;
      const { reason } = answer;
      if (typeof reason !== "string") return request.resolve(answer);
      if (answer.lasting === true) return request.reject(new Error(reason));
      // Tried again at the next turn, and not at once: a disk that is full is still full.
      complain(request, reason);
    },
    resume() {
      lost = false;
      for (const [id, request] of waiting) {
        request.patience = PATIENCE_MS;
        post(id, request);
      }
    },
    lose,
    dispose() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** Tells what goes wrong; another thing where the browser keeps nothing, also when that is known later. */
function sayAsNoted(tell: Tell) {
  let said = "";
  let isNoted = true;
  const say = (words: string) => {
    said = words;
    tell(isNoted ? words : (WITHOUT_NOTES[words] ?? words));
  };
  return {
    tell: say,
    noted(now: boolean) {
      isNoted = now;
      if (!now && said !== "") say(said);
    },
  };
}

function complain({ tell, reject }: Request, words: string): void {
  if (tell) tell(words);
  else reject(new Error(words));
}

function ignore(): void {}
