/** In which order test files run, and which of them have the machine to themselves. */

/** Files that run while nothing else does, and why. */
export const ALONE: Readonly<Record<string, string>> = {
  "test/integration/event_loop_test.ts": "measures how long the event loop is kept",
};

/** What takes longest, so that it begins first: the last file to end ends the run. */
const LONGEST: readonly string[] = [
  "test/crash/",
  "test/fuzz/",
  "test/attack/",
  "test/integration/",
  "test/conformance/",
  "test/tidy/",
];

/** The files that may run at once, the longest first, and those that run alone after them. */
export function inOrder(
  files: readonly string[],
): { readonly together: readonly string[]; readonly alone: readonly string[] } {
  const rank = (file: string) => {
    const at = LONGEST.findIndex((prefix) => file.startsWith(prefix));
    return at < 0 ? LONGEST.length : at;
  };
  return {
    together: files.filter((file) => !(file in ALONE)).sort((a, b) => rank(a) - rank(b)),
    alone: files.filter((file) => file in ALONE),
  };
}
