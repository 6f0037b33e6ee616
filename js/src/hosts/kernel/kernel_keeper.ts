/**
 * Named views and code of a notebook: asked of the kernel, which has the study.
 *
 * What the view shows goes along, since the traits that say it may still be on their way.
 */
import type { Keeper, Kept } from "../../store/keeping/keeper";
import { isRecord, keepMoment } from "../../store/keeping/moment";
import { NO_ANSWER } from "./chunk_puller";

const WAIT_MS = 20_000;

export interface KernelKeeper extends Keeper {
  receive(message: unknown): void;
}

export function createKernelKeeper(send: (message: object) => void): KernelKeeper {
  const waiting = new Map<unknown, (answer: Record<string, unknown>) => void>();
  let last = 0;
  return {
    act(act, name, moment) {
      const id = ++last;
      return new Promise<Kept>((resolve, reject) => {
        const fail = () => reject(new Error(NO_ANSWER));
        const timer = setTimeout(fail, WAIT_MS);
        waiting.set(id, ({ reason, views, code }) => {
          clearTimeout(timer);
          if (reason) reject(new Error(String(reason)));
          resolve({ views: (views as string[]).map((one) => [one, true]), code: String(code) });
        });
        try {
          send({ type: "views", id, act, name, ...keepMoment(moment) });
        } catch {
          fail();
        }
      }).finally(() => waiting.delete(id));
    },
    receive(message) {
      if (isRecord(message) && message.type === "views") waiting.get(message.id)?.(message);
    },
  };
}
