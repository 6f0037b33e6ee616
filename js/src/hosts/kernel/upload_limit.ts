/**
 * How much may go to a kernel at once: above 10 MiB its connection closes without a word, so that no more than 1 MiB is sent.
 *
 * Selection and state travel in one message, also where the kernel was busy and several are joined. Each is measured together with the
 * last that was let through of the other.
 */

export type Upload = "selection" | "ui_state";

export interface UploadLimit {
  /** Let this many bytes through and return null, or return the reason not to. */
  refuse(what: Upload, bytes: number): string | null;
}

export const MOST_BYTES = 2 ** 20;
/** The message's own header and names. */
const ENVELOPE = 4096;

const KEPT =
  "than may be sent to the kernel: it stays in this page, and Python keeps what came before.";

const REASONS: Readonly<Record<Upload, (size: string) => string>> = {
  selection: (size) => `The selection takes ${size}, more ${KEPT} “download table” saves it.`,
  ui_state: (size) => `The filters take ${size}, more ${KEPT} Shorten their text.`,
};

export function createUploadLimit(): UploadLimit {
  const passed: Record<Upload, number> = { selection: 0, ui_state: 0 };
  return {
    refuse(what, bytes) {
      const other = what === "selection" ? passed.ui_state : passed.selection;
      if (bytes + other + ENVELOPE > MOST_BYTES) return REASONS[what](sizeOf(bytes));
      passed[what] = bytes;
      return null;
    },
  };
}

function sizeOf(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
