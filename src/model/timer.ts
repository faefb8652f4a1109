/**
 * Calls back after a while; returns what ends the waiting. Until then, the program does not end. The
 * runtime's setTimeout is Node's, which takes 15 ms of CPU and 1.7 MB when it is first called.
 */
export function after(ms: number, callback: () => void): () => void {
  const signal = AbortSignal.timeout(Math.max(0, Math.ceil(ms)));
  signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}

/** Resolves once a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}

/**
 * Calls back after a while, where the program still goes on by then: it is not kept going for this. Nothing
 * ends the waiting. What an AbortSignal calls keeps the program, and a timer that does not is Node's.
 */
export function afterIfStillThere(ms: number, callback: () => void): void {
  const { value } = Atomics.waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  void Promise.resolve(value).then(callback);
}
