/** Long work on the main thread, with turns for others in between. */

/** How long it takes until others have their turn. */
const TURN_MS = 8;

/** Goes through with what a generator does; each `yield` is a place where others may come first. */
export async function inTurns<T>(steps: Iterator<void, T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - since < TURN_MS) continue;
    const { setImmediate } = await import("node:timers/promises");
    await setImmediate();
    since = performance.now();
  }
}
