/**
 * What a host keeps for a person: named views, the way back to this one, and the theme.
 */
import type { Moment } from "./moment";

export type KeepAct = "list" | "save" | "restore" | "delete" | "code";

export interface Kept {
  /** Names, first saved first, and whether they may be deleted. */
  readonly views: readonly (readonly [name: string, own: boolean])[];
  /** Python that gives what the view shows, where that was asked for. */
  readonly code?: string;
}

export interface Keeper {
  /** Do it and tell what is kept then; rejects with the reason. */
  act(what: KeepAct, name: string, moment: Moment): Promise<Kept>;
  /** The address of what is shown, and whether the selection found room in it; a notebook has none. */
  link?(): { readonly address: string; readonly whole: boolean };
  /** The theme that a person chose in this browser. */
  readTheme?(): unknown;
  writeTheme?(theme: string): void;
}
