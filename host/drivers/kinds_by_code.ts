/** Which kind of failure the codes of a database stand for, as data. */
import type { FailureKind } from "../../src/failure.ts";

/** Codes of each kind, with blanks between them. */
export type CodesOfKinds = Readonly<Partial<Record<FailureKind, string>>>;

/** The kinds by code. */
export function kindsByCode(...tables: readonly CodesOfKinds[]): ReadonlyMap<string, FailureKind> {
  const kinds = tables.flatMap((table) => Object.entries(table) as [FailureKind, string][]);
  return new Map(kinds.flatMap(([kind, text]) => text.split(" ").map((code) => [code, kind])));
}
