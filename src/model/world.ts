import { after } from "./timer.ts";

/** What a program cannot compute: time, chance and waiting. Injected, so that tests hold it. */
export interface World {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some fixed point, never going back. */
  monotonic(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Resolves after that many milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real world. */
export const realWorld: World = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        cancel();
        reject(signal!.reason);
      };
      const cancel = after(ms, () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      signal?.addEventListener("abort", stop, { once: true });
    }),
};
