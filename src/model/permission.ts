/** What Deno has not permitted, as a sentence with the flag that grants it. */

/** As the runtime says it, in errors of every kind; what follows it are hints. */
const DENIAL = /Requires (\w+) access to (?:"(.*)"|[^",]*), run again with the --allow-(\w+) flag/s;
/** Causes that are looked through: packages wrap what they catch. */
const CAUSES_MAX = 8;

/**
 * The sentence for an error that a missing permission has caused; undefined for any other.
 * `Deno was not given --allow-read=nodes.ndjson`.
 */
export function missingPermission(error: unknown): string | undefined {
  let inner = error;
  for (let i = 0; i < CAUSES_MAX && inner instanceof Error; i++) {
    const [, , what, flag] = DENIAL.exec(inner.message) ?? [];
    if (flag !== undefined) return permissionSentence(flag, what);
    inner = inner.cause;
  }
  return undefined;
}

/** The sentence for a flag without its dashes, `read`, and what it is to allow; all by default. */
export function permissionSentence(flag: string, what?: string): string {
  // A comma parts what is allowed, two are one.
  const value = what === undefined ? "" : `=${what.replaceAll(",", ",,")}`;
  const word = `--allow-${flag}${value}`;
  return `Deno was not given ${/^[\w\-=.,:/@%+]*$/.test(word) ? word : quoted(word)}`;
}

/** As a shell reads it; without line ends, which could be taken for more of ours. */
function quoted(word: string): string {
  // deno-lint-ignore no-control-regex -- that is what is to be kept out
  return `'${word.replace(/[\u0000-\u001f\u007f]/g, "?").replaceAll("'", `'\\''`)}'`;
}
