/** Which families try what is the host's own: all of them between them, and not each test on all. */
import type { TestFamily } from "../families/family.ts";

/**
 * Two families for the test of this number, of those that are given: one whose databases are files, and
 * one that has a server. The next test is for the others. Of a kind that is not there, there is none.
 */
export function inTurn<T>(
  of: readonly T[],
  { number, family }: { readonly number: number; readonly family: (one: T) => TestFamily },
): readonly T[] {
  const isServer = (one: T) => family(one).startServer !== undefined;
  return [of.filter((one) => !isServer(one)), of.filter(isServer)].flatMap((some) =>
    some.length > 0 ? [some[number % some.length]!] : []
  );
}
