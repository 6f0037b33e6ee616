/**
 * What every view is given, and what it gives back.
 *
 * A view writes to the store when a person acts, and draws only in `update`, which runs for all views
 * together. So linked views never show two different moments.
 */
import type { Store, Topic } from "../../store/store";
import type { Tiles } from "./tiles";

export type Change = Topic | "theme" | "tiles" | "size";

export type ThemeName = "light" | "dark";

export interface Stage {
  readonly store: Store;
  readonly tiles: Tiles | null;
  /** Aborted when the view ends: hand it to every listener, and end with it what else must end. */
  readonly signal: AbortSignal;
  readonly theme: () => ThemeName;
  /** All bytes of one chunk; rejects with the reason. */
  readonly load: (name: string) => Promise<Uint8Array>;
}

export interface View {
  readonly element: HTMLElement;
  update(changed: ReadonlySet<Change>): void;
}

export function anyOf(changed: ReadonlySet<Change>, ...wanted: readonly Change[]): boolean {
  return wanted.some((change) => changed.has(change));
}
