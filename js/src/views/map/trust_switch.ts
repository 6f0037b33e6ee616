/**
 * Whether the points are colored by how far their places can be trusted; the figures are loaded when that is first asked for.
 */
import { signal as createSignal, untracked } from "../../store/reactive";
import { createComparison } from "../parts/comparison";
import { h, setText } from "../parts/dom";
import { paintOnChange, type ViewContext } from "../parts/view";
import { loadPlaceTrust, type PlaceTrust } from "./trust";

export interface TrustSwitch {
  /** Says why the figures could not be loaded. */
  readonly note: HTMLElement;
  /** What colors the points, or null while something else does. */
  readonly places: PlaceTrust | null;
  /** Switch it; returns whether it is on now. */
  toggle(): boolean;
}

/** `onEnd` is called when it goes off by itself: once another color is chosen, or where the figures cannot be had. */
export function createTrustSwitch(context: ViewContext, onEnd: () => void): TrustSwitch {
  const { store, load } = context;
  const on = createSignal(false);
  const places = createSignal<PlaceTrust | null>(null);
  const note = h("p", { class: "map-note", role: "alert" });
  const colorChanged = createComparison();
  note.hidden = true;
  colorChanged(store.color);

  function end(): void {
    on.value = false;
    onEnd();
  }

  async function fetchPlaces(): Promise<void> {
    try {
      places.value = await loadPlaceTrust(store, load);
      note.hidden = true;
    } catch (reason) {
      setText(note, `Trust: ${reason instanceof Error ? reason.message : String(reason)}`);
      note.hidden = false;
      end();
    }
  }

  paintOnChange(context, () => {
    if (colorChanged(store.color) && untracked(() => on.value)) end();
  });
  return {
    note,
    get places() {
      return on.value ? places.value : null;
    },
    toggle() {
      on.value = !on.value;
      if (on.value && !places.value) void fetchPlaces();
      return on.value;
    },
  };
}
