/** Tests that need what not every machine has. */

/**
 * Registers a test, or, where something is missing for it, its name and the reason: `test/run.ts`
 * names what was skipped, and why, above its closing line. The reason completes the sentence
 * "skipped: …".
 */
export function testWhere(
  missing: string | undefined,
  name: string,
  fn: (context: Deno.TestContext) => void | Promise<void>,
): void {
  if (missing === undefined) Deno.test(name, fn);
  else Deno.test({ name: `${name} (skipped: ${missing})`, ignore: missing !== undefined, fn });
}
