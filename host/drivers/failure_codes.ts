/** What the codes of a database stand for, as data. */
import type { FailureKind } from "../../src/model/failure.ts";

/** By kind, and then by codes with blanks between them, what is said of a failure. */
export type FailureCodes = Readonly<
  Partial<Record<FailureKind, Readonly<Record<string, string>>>>
>;

/** What a code stands for. */
export interface KnownFailure {
  readonly kind: FailureKind;
  /** A sentence, or a clause of one. */
  readonly text: string;
}

/** What the codes of tables stand for; the last table that has a code counts. */
export function failuresByCode(...tables: readonly FailureCodes[]): Map<string, KnownFailure> {
  const failures = new Map<string, KnownFailure>();
  for (const [kind, texts] of tables.flatMap((table) => Object.entries(table))) {
    for (const [codes, text] of Object.entries(texts)) {
      for (const code of codes.split(" ")) failures.set(code, { kind: kind as FailureKind, text });
    }
  }
  return failures;
}
