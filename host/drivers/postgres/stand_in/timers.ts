/** Node's timers, by the runtime's own. */
import { after } from "../../../../src/model/timer.ts";

/** Calls back after a while. */
export function setTimeout<T extends unknown[]>(
  callback: (...args: T) => void,
  ms: number,
  ...args: T
): () => void {
  return after(ms, () => callback(...args));
}

/** Calls it back no more. */
export function clearTimeout(cancel: (() => void) | null | undefined): void {
  cancel?.();
}

/** What is to be called back. */
const waiting = new Set<() => void>();

/** Calls back once whoever runs now is done: what is sent at once travels together. */
export function setImmediate(callback: () => void): () => void {
  const call = () => void (waiting.delete(call) && callback());
  waiting.add(call);
  queueMicrotask(call);
  return call;
}

/** Calls it back no more. */
export function clearImmediate(call: (() => void) | null): void {
  if (call) waiting.delete(call);
}
