/** Which kind of failure the codes of a database stand for, as data. */
import type { FailureKind } from "../../src/failure.ts";

/** The kinds by code, from the codes of each kind with blanks between them. */
export function kindsByCode(
  codes: Readonly<Partial<Record<FailureKind, string>>>,
): ReadonlyMap<string, FailureKind> {
  const kinds = Object.entries(codes) as [FailureKind, string][];
  return new Map(kinds.flatMap(([kind, text]) => text.split(" ").map((code) => [code, kind])));
}
