/**
 * Leaving: the kernel learns that the last place which showed a view is gone, so that it can let the view go.
 *
 * Reported only where the notebook itself stays on the page: an output that was cleared, replaced or deleted. A tab that
 * is closed or a page that is reloaded may come back to its views. Hosts whose notebook is not found report nothing.
 */
import type { WidgetModel } from "./widget_model";

const NOTEBOOK = ".jp-Notebook";
/** A cell that is moved shows its view anew within this time. */
const REST_MS = 1000;

/** The host evaluates this module once for each model, so these are the places of one. */
let places = 0;

/** Note a place that shows a model; returns what to call when the place is gone. */
export function notePlace(model: WidgetModel, el: HTMLElement): () => void {
  places++;
  let notebook: Element | null = null;
  // An element has its place in the notebook only some time after it was made.
  const observer = new ResizeObserver(() => {
    notebook = el.closest(NOTEBOOK) ?? notebook;
  });
  observer.observe(el);
  return () => {
    places--;
    observer.disconnect();
    setTimeout(() => {
      if (places === 0 && notebook?.isConnected === true) report(model);
    }, REST_MS);
  };
}

/** A kernel that is gone has let the view go already, and sending to it throws. */
function report(model: WidgetModel): void {
  if (model.comm_live === false) return;
  try {
    model.send({ type: "gone" });
  } catch {
    // Nobody is there to hear it.
  }
}
