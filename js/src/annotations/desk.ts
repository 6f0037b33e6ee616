/**
 * The desk: what has been decided about the examples of one store, and what a person decides next.
 *
 * A decision holds at once; the place keeps it when it can. The ledger knows what events amount to, the outbox what is not kept yet.
 */
import { batch, signal, untracked } from "../store/reactive";
import { revise } from "../store/revisions";
import type { Store } from "../store/store";
import { createColumns, DECIDED } from "./columns";
import type {
  AnnotationEvent,
  Change,
  Decisions,
  Desk,
  Place,
  Said,
  Schema,
  Settings,
} from "./contract";
import { changesOf, createStep, undoingOf } from "./decisions";
import { newIdentifier } from "./identifiers";
import { Ledger } from "./ledger";
import { Outbox } from "./outbox";

export class StoreDesk implements Desk {
  readonly schema: Schema;
  readonly #store: Store;
  readonly #data: string;
  readonly #ids: readonly string[];
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #ledger: Ledger;
  readonly #outbox = new Outbox();
  readonly #named;
  readonly #annotator;
  readonly #blind;
  readonly #change = signal<Change>({ examples: [], next: null });
  readonly #writeColumns;
  /** Why what others have recorded is not read, in words. */
  readonly #unread = signal("");
  /** What I say of each example. */
  readonly #mine: (Said | null)[] = [];
  /** Those that bear a verdict of mine. */
  readonly #done = new Set<number>();
  #place: Place | null = null;
  #number = 0;
  #reading: Promise<void> | null = null;

  /** `named` is told the name that a person gives. */
  constructor(store: Store, settings: Settings, named: (name: string) => void = () => {}) {
    this.#named = named;
    this.#store = store;
    this.schema = settings.schema;
    this.#data = settings.data;
    this.#annotator = signal(nameFrom(settings.annotator));
    this.#blind = signal(settings.blind);
    this.#ids = idsOf(store);
    this.#indexOf = new Map(this.#ids.map((id, index) => [id, index]));
    this.#ledger = new Ledger(isAbout(store, this.#indexOf, [settings.data, ...settings.same]));
    this.#writeColumns = createColumns(store);
  }

  get annotator(): string {
    return this.#annotator.value;
  }

  get blind(): boolean {
    return this.#blind.value;
  }

  get change(): Change {
    return this.#change.value;
  }

  get done(): number {
    this.#change.value;
    return this.#done.size;
  }

  get unsaved(): number {
    return this.#outbox.unsaved;
  }

  get unkept(): number {
    return this.#outbox.unkept;
  }

  get problem(): string {
    return this.#outbox.problem || this.#unread.value;
  }

  get canUndo(): boolean {
    this.#change.value;
    return this.#ledger.lastDone(this.#names()).length > 0;
  }

  get canRedo(): boolean {
    this.#change.value;
    return this.#ledger.lastUndone(this.#names()).length > 0;
  }

  setAnnotator(text: string): void {
    const name = nameFrom(text);
    if (name === this.#annotator.peek()) return;
    this.#named(name);
    batch(() => {
      this.#annotator.value = name;
      this.#revise(this.#indexOf.values());
    });
  }

  setBlind(blind: boolean): void {
    if (blind === this.#blind.peek()) return;
    batch(() => {
      this.#blind.value = blind;
      this.#revise(this.#indexOf.values());
    });
  }

  hides(index: number | null): boolean {
    return this.blind && index !== null && (this.mine(index)?.verdict ?? null) === null;
  }

  mine(index: number): Said | null {
    this.#change.value;
    return this.#mine[index] ?? null;
  }

  others(index: number): readonly Said[] {
    this.#change.value;
    if (this.hides(index)) return [];
    const me = this.#ledger.nameOf(this.annotator);
    return [...this.#said(index).values()].filter(({ annotator }) => annotator !== me);
  }

  decide(indices: readonly number[], decisions: Decisions, latency?: number): string | null {
    return untracked(() => {
      if (this.annotator === "") return null;
      const whole = this.#completed(decisions);
      const seconds = latency === undefined ? null : latency / Math.max(1, indices.length);
      const changes = indices.flatMap((index) =>
        changesOf(this.#ids[index] ?? "", this.mine(index), whole, seconds),
      );
      return this.#record(changes, changes.length > 1 ? newIdentifier() : null);
    });
  }

  undo(step?: string): readonly number[] {
    const names = untracked(() => this.#names());
    return this.#takeBack(
      step === undefined ? this.#ledger.lastDone(names) : this.#ledger.step(names, step),
    );
  }

  redo(): readonly number[] {
    return this.#takeBack(this.#ledger.lastUndone(untracked(() => this.#names())));
  }

  /** Keep events at this place from now on, beginning with those that it has, and those that an earlier page could not bring there. */
  async use(place: Place | null): Promise<void> {
    this.#place = place;
    this.#number = 0;
    this.#reading = null;
    this.#outbox.use(place);
    if (!place) return;
    const left = (await place.left?.()) ?? [];
    const news = left.filter(({ id }) => !this.#ledger.has(id));
    this.#take(news);
    this.#outbox.add(news);
    await this.refresh();
  }

  refresh(): Promise<void> {
    this.#outbox.retry();
    this.#reading ??= this.#read()
      .then(
        () => "",
        (reason) => (reason instanceof Error ? reason.message : String(reason)),
      )
      .then((words) => {
        this.#unread.value = words;
        this.#reading = null;
      });
    return this.#reading;
  }

  log(): string {
    return this.#ledger.events.map((event) => `${JSON.stringify(event)}\n`).join("");
  }

  async #read(): Promise<void> {
    const place = this.#place;
    for (let more = place !== null; more; ) {
      const read = await place?.read(this.#number);
      if (!read || place !== this.#place) return;
      this.#number = read.number;
      this.#take(read.events);
      more = read.more;
    }
  }

  /** A verdict that does not say that the label is wrong takes the class back that it should have had. */
  #completed(decisions: Decisions): Decisions {
    const { verdict, label } = decisions;
    if (verdict === undefined || label !== undefined) return decisions;
    const relabels = this.schema.verdicts.some((one) => one.value === verdict && one.relabels);
    return relabels ? decisions : { ...decisions, label: null };
  }

  #takeBack(events: readonly AnnotationEvent[]): readonly number[] {
    if (events.length === 0) return [];
    untracked(() => this.#record(events.map(undoingOf), newIdentifier()));
    return [...new Set(events.flatMap(({ example }) => this.#indexOf.get(example) ?? []))];
  }

  #record(
    changes: readonly Parameters<ReturnType<typeof createStep>>[0][],
    batchId: string | null,
  ): string | null {
    if (changes.length === 0) return null;
    const { annotator } = this;
    const newest = this.#ledger.newest(this.#names());
    const create = createStep({ annotator, data: this.#data, newest }, batchId);
    const [open, blind] = [false, true].map((hidden) => ({ ...this.#context(), blind: hidden }));
    const events = changes.map((change) => {
      const hidden = this.hides(this.#indexOf.get(change.example) ?? null);
      return create({ ...change, context: (hidden ? blind : open) ?? {} });
    });
    batch(() => {
      this.#take(events);
      this.#outbox.add(events);
    });
    return batchId ?? events[0]?.id ?? null;
  }

  /** Where and how a decision is made. */
  #context(): Record<string, unknown> {
    const { manifest, probe, filters, sort } = this.#store;
    const asked = filters.toJSON();
    const short = JSON.stringify(asked).length <= LONGEST_FILTERS;
    return {
      view: "explorer",
      probe: manifest.probes[Math.round(probe)] ?? "",
      sort,
      filters: short ? asked : filters.names,
    };
  }

  #take(events: readonly AnnotationEvent[]): void {
    if (events.length === 0) return;
    const touched = this.#ledger.add(events);
    this.#revise([...touched].flatMap((example) => this.#indexOf.get(example) ?? []));
  }

  /** Write what is said now of these examples into the columns. */
  #revise(indices: Iterable<number>): void {
    const me = this.#ledger.nameOf(this.#annotator.peek());
    const examples = [...indices];
    for (const index of examples) {
      const said = this.#said(index);
      const mine = said.get(me) ?? null;
      this.#mine[index] = mine;
      if ((mine?.verdict ?? null) === null) this.#done.delete(index);
      else this.#done.add(index);
      const seen = this.#blind.peek() ? [...(mine ? [mine] : [])] : [...said.values()];
      this.#writeColumns(index, seen);
    }
    batch(() => {
      revise(this.#store, DECIDED);
      const before: { next: Change | null } = this.#change.peek();
      before.next = this.#change.value = { examples, next: null };
    });
  }

  /** Mine, as far as they are known. */
  #names(): string[] {
    return this.#ledger.namesOf(this.annotator);
  }

  #said(index: number): ReadonlyMap<string, Said> {
    return this.#ledger.said(this.#ids[index] ?? "");
  }
}

const LONGEST_FILTERS = 2000;

/** Python refuses NUL and halves of a pair in a name, and with them all that bears it. */
function nameFrom(text: string): string {
  return text.trim().replace(/[\p{Cc}\p{Cs}]/gu, "\ufffd");
}

function idsOf({ columns, manifest }: Store): readonly string[] {
  const column = columns.get("example_id");
  if (column?.type === "text") return column.texts;
  return Array.from({ length: manifest.count }, (_, index) => String(index));
}

/**
 * Whether an event is about this study: about one of its examples, and where ids are numbers, which every data set has, not about
 * other data.
 */
function isAbout(
  { columns }: Store,
  indexOf: ReadonlyMap<string, number>,
  data: readonly string[],
) {
  const dtype = columns.get("example_id")?.info.dtype ?? "int32";
  const known = ["", ...data];
  return ({ example, data: of }: AnnotationEvent) =>
    indexOf.has(example) && (dtype !== "int32" || known.includes(of));
}
