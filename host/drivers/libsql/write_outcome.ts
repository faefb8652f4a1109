/** What a batch that was not written comes back as: a value for everything that may be expected. */
import type { WriteResult } from "../../../src/backend.ts";
import {
  type Batch,
  lineOfRow,
  type RejectedRow,
  type Shape,
  tableLabel,
} from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import { asksForLess, type FailureContext, failureOf, kindOf, rowSentence } from "./failures.ts";
import { SessionError } from "./session.ts";

/** When to try again after a lock or a lost connection. */
const RETRY_AFTER_MS = 100;

/** The database took another number of rows than it was sent. */
export class CountsDiffer extends Error {
  /** The name that `Error.prototype.toString` prints. */
  override readonly name = "CountsDiffer";

  /** Makes an error of the two numbers. */
  constructor(expected: number, taken: number) {
    super(`A statement of the plan was sent ${expected} rows and took ${taken}`);
  }
}

/** The ledger holds another batch of this number. */
export class OtherBatch extends Error {
  /** The name that `Error.prototype.toString` prints. */
  override readonly name = "OtherBatch";

  /** Makes an error of the batch that came now. */
  constructor(batch: Batch) {
    super(
      `The ledger has another batch ${batch.sequence} than that of ${batch.part}, line ` +
        `${batch.line}. Does somebody else load this source, or has it changed?`,
    );
  }
}

/** The result of a write that threw. What no database has thrown is thrown on: a defect of ours. */
export function failedWrite(error: unknown, context: FailureContext): WriteResult {
  const failure = writeFailure(error, context);
  // Where it is in after all, the ledger will say so when the batch comes again.
  if (failure.commitUnknown) return { kind: "retry", failure, afterMs: RETRY_AFTER_MS };
  if (asksForLess(failure)) return { kind: "split", failure };
  switch (failure.kind) {
    case "conflict":
    case "connection":
    case "unavailable":
    case "timeout":
      return { kind: "retry", failure, afterMs: RETRY_AFTER_MS };
    default:
      return { kind: "fatal", failure };
  }
}

function writeFailure(error: unknown, context: FailureContext): Failure {
  const table = context.table ? `table ${tableLabel(context.table)} of ` : "";
  if (error instanceof CountsDiffer) {
    const message = `${error.message}: ${table}${context.endpoint}`;
    return { kind: "counts", code: "COUNTS_DIFFER", message };
  }
  if (error instanceof OtherBatch) {
    const message = `${error.message}: ${table}${context.endpoint}`;
    return { kind: "unknown", code: "OTHER_BATCH", message };
  }
  return failureOf(error, context);
}

/** What stands for the name of a foreign key, which the database does not tell. */
export const FOREIGN_KEY = "FOREIGN KEY";

/** Whether an error is of rows, so that they can be rejected. */
export function isOfRows(error: unknown): error is SessionError {
  if (!(error instanceof SessionError)) return false;
  const kind = kindOf(error.code);
  return kind === "data" || kind === "integrity";
}

/** A row that the database refused. */
export function rejectedRow(
  batch: Batch,
  { row, error, column, shape }: {
    readonly row: number;
    readonly error: unknown;
    readonly column: string | undefined;
    readonly shape: Shape;
  },
): RejectedRow {
  const refusal =
    (error instanceof Error && error.cause instanceof SessionError
      ? error.cause
      : error) as SessionError;
  const names = shape.columns.map((c) => c.name);
  const named = column ?? refusal.columns.find((name) => names.includes(name));
  return {
    ordinal: batch.ordinal + row,
    part: batch.part,
    line: lineOfRow(batch, row),
    ...(named === undefined ? {} : { column: named }),
    ...(refusal.code === "SQLITE_CONSTRAINT_FOREIGNKEY" ? { constraint: FOREIGN_KEY } : {}),
    code: kindOf(refusal.code) === "data" ? "data" : "integrity",
    message: rowSentence(refusal, names),
  };
}
