/**
 * A desk that keeps what is decided in memory, one annotator at a time.
 */
import type { Change, Decisions, Desk, Said, Schema } from "../src/annotations/contract";
import { USUAL_SCHEMA } from "../src/annotations/settings";
import { signal } from "../src/store/reactive";

export const SCHEMA: Schema = {
  ...USUAL_SCHEMA,
  verdicts: USUAL_SCHEMA.verdicts.map((verdict) => ({
    ...verdict,
    title: verdict.relabels ? "Wrong label" : verdict.title,
  })),
  tags: ["blurred"],
};

export interface Step {
  readonly indices: readonly number[];
  readonly decisions: Decisions;
  readonly latency?: number;
}

export interface FakeDesk extends Desk {
  /** All that was decided and not taken back. */
  readonly steps: Step[];
  readonly elsewhere: Map<number, readonly Said[]>;
  setUnsaved(count: number, problem?: string): void;
}

export function makeDesk(annotator = "ada", schema = SCHEMA): FakeDesk {
  const state = {
    annotator: signal(annotator),
    blind: signal(false),
    change: signal<Change>({ examples: [], next: null }),
    unsaved: signal({ count: 0, problem: "" }),
  };
  const steps: Step[] = [];
  const undone: Step[] = [];
  const elsewhere = new Map<number, readonly Said[]>();
  const touch = (step?: Step) => {
    const before: { next: Change | null } = state.change.peek();
    before.next = state.change.value = { examples: step?.indices ?? [], next: null };
  };

  function mine(index: number): Said | null {
    void state.change.value;
    const about = steps.filter(({ indices }) => indices.includes(index));
    if (about.length === 0) return null;
    const tags = new Set<string>();
    let said = { verdict: null, label: null, note: null, seconds: 0 } as Omit<Said, "tags">;
    for (const { decisions, latency = 0 } of about) {
      const { tags: changed = {}, ...fields } = decisions;
      said = { ...said, ...fields, seconds: said.seconds + latency };
      for (const [tag, on] of Object.entries(changed)) on ? tags.add(tag) : tags.delete(tag);
    }
    return { ...said, annotator: state.annotator.value, kind: "human", tags: [...tags] };
  }

  const hides = (index: number | null) =>
    state.blind.value && (index === null || !mine(index)?.verdict);

  return {
    schema,
    steps,
    elsewhere,
    get annotator() {
      return state.annotator.value;
    },
    setAnnotator: (name) => {
      state.annotator.value = name;
    },
    get blind() {
      return state.blind.value;
    },
    setBlind: (blind) => {
      state.blind.value = blind;
    },
    hides,
    get change() {
      return state.change.value;
    },
    mine,
    others: (index) => (hides(index) ? [] : (elsewhere.get(index) ?? [])),
    get done() {
      return new Set(steps.flatMap(({ indices }) => indices)).size;
    },
    get unsaved() {
      return state.unsaved.value.count;
    },
    unkept: 0,
    get problem() {
      return state.unsaved.value.problem;
    },
    setUnsaved: (count, problem = "") => {
      state.unsaved.value = { count, problem };
    },
    decide: (indices, decisions, latency) => {
      steps.push({ indices, decisions, ...(latency === undefined ? {} : { latency }) });
      undone.length = 0;
      touch(steps.at(-1));
      return String(steps.length);
    },
    get canUndo() {
      void state.change.value;
      return steps.length > 0;
    },
    get canRedo() {
      void state.change.value;
      return undone.length > 0;
    },
    undo() {
      const step = steps.pop();
      if (step) undone.push(step);
      touch(step);
      return step?.indices ?? [];
    },
    redo() {
      const step = undone.pop();
      if (step) steps.push(step);
      touch(step);
      return step?.indices ?? [];
    },
    refresh: async () => {},
    log: () => "",
  };
}
