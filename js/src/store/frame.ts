/**
 * The frame: how the views share the space of an Explorer, as a person has set it.
 */

export const PANELS = ["closed", "narrow", "wide", "full"] as const;

export type PanelSize = (typeof PANELS)[number];

export interface Frame {
  /** Whether the rail of small histograms is open to the panel of filters. */
  readonly rail: boolean;
  /** The share of the stage that the grid has beside the map. */
  readonly split: number;
  /** How much space the example in focus takes. */
  readonly panel: PanelSize;
}

export const USUAL_FRAME: Frame = { rail: false, split: 0.5, panel: "closed" };

const LEAST_SPLIT = 0.2;

/** A frame with what `raw` says of it that can be followed. */
export function readFrame(raw: unknown, before: Frame): Frame {
  if (typeof raw !== "object" || raw === null) return before;
  const { rail, split, panel } = raw as Record<string, unknown>;
  const wanted = PANELS.find((one) => one === panel);
  return {
    rail: typeof rail === "boolean" ? rail : before.rail,
    split: Number.isFinite(split)
      ? Math.min(1 - LEAST_SPLIT, Math.max(LEAST_SPLIT, Number(split)))
      : before.split,
    panel: wanted ?? before.panel,
  };
}
