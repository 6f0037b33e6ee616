/**
 * An Explorer of a small study that is annotated, and hands to annotate with.
 */
import type { AnnotationEvent } from "../../../src/annotations/contract";
import { makeAnnotatedStudy } from "../../annotations/annotated";
import { FakeModel } from "../../fakes";
import type { StudyOptions } from "../../study";
import { frames, show } from "../opened";

export interface Options extends StudyOptions {
  readonly annotator?: string;
  readonly blind?: boolean;
}

/** What a page asks of Python about annotations. */
interface Asked {
  readonly type: string;
  readonly id: string;
  readonly act: string;
  readonly events?: readonly AnnotationEvent[];
}

/** A model whose Python keeps what is decided. */
class KeepingModel extends FakeModel {
  readonly kept: AnnotationEvent[] = [];

  override send(content: unknown, ...rest: [undefined?, (readonly ArrayBuffer[])?]): void {
    const { type, id, act, events = [] } = content as Asked;
    if (type !== "annotate") {
      super.send(content, ...rest);
      return;
    }
    this.kept.push(...events);
    const read = act === "read" ? { events: [], number: 0, more: false } : {};
    queueMicrotask(() => this.tell({ type, id, act, ...read }));
  }
}

let opened = 0;

/** The first is labeled cat and predicted dog, the others as they are labeled. */
export async function openAnnotated({
  annotator = "ada",
  blind = false,
  ...options
}: Options = {}) {
  localStorage.clear();
  const study = makeAnnotatedStudy({ predictions: [1, 0, 1, 1, 2, 2], ...options });
  const model = new KeepingModel(study, `annotated ${++opened}`);
  model.set("_annotations", { annotator, blind, data: "d", place: `place ${opened}` });
  const view = await show(model);
  const control = (name: string) => view.one(`[data-depthviz-control="${name}"]`);
  const panel = view.one('[data-depthviz-view="annotate"]');
  /** Frames go by until the example has been seen and the other views have followed. */
  const pass = async () => {
    for (let i = 0; i < 4; i++) {
      frames.draw(500);
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  await pass();
  const type = async (key: string, more: KeyboardEventInit = {}) => {
    const target = document.activeElement;
    const inside = target instanceof HTMLElement && view.root.contains(target);
    const event = view.press(inside ? target : view.root, key, { code: codeOf(key), ...more });
    await pass();
    return event;
  };
  const go = async (id: string) => {
    view.click(view.cell(id));
    await pass();
  };
  const reviewed = () => panel.querySelector("h3")?.textContent;
  const name = () => view.one(".bench-name").textContent;
  /** What was decided, in short. */
  const decided = () =>
    model.kept.map(({ example, field, value }) => `${example} ${field} ${value}`);
  view.root.focus();
  return { ...view, kept: model.kept, control, panel, pass, type, go, reviewed, name, decided };
}

function codeOf(key: string): string {
  return /^\d$/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`;
}
