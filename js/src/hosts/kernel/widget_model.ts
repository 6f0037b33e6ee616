/**
 * The model of a widget, as anywidget hands it over.
 */

/** The part of anywidget's model that is used here. */
export interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: undefined, buffers?: readonly ArrayBuffer[]): void;
  /** Whether the way to the kernel is open, where the model reports it. */
  readonly comm_live?: boolean;
  on(name: string, callback: ModelCallback): void;
  off(name: string, callback: ModelCallback): void;
}

/** Custom messages come with their content and its binary buffers; changes are read from the model. */
export type ModelCallback = (message?: unknown, buffers?: readonly ArrayBufferView[]) => void;
