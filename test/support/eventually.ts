/** Waits for what comes by itself. */

/** How long a test waits for something before it says that it does not come. */
const DEADLINE_MS = 60_000;
const LOOK_MS = 10;

/** The first answer that is neither undefined nor false. @throws {Error} where none comes in a minute */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const until = performance.now() + deadlineMs;
  while (performance.now() < until) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`It did not come: ${what}`);
}
