/** What a batch that was not written comes back as: a value for everything that may be expected. */
import type { WriteResult } from "../../../src/backend.ts";
import { type Batch, tableLabel } from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import { asksForLess, type FailureContext, failureOf } from "./failures.ts";

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

/** The ledger holds a batch of this number with other bytes. */
export class ContentChanged extends Error {
  /** The name that `Error.prototype.toString` prints. */
  override readonly name = "ContentChanged";

  /** Makes an error of the batch that came now. */
  constructor(batch: Batch) {
    super(
      `Batch ${batch.sequence} of this load is committed with other content ` +
        `(${batch.part}, line ${batch.line})`,
    );
  }
}

/** The result of a write that threw. What no database has thrown is thrown on: a defect of ours. */
export function failedWrite(error: unknown, context: FailureContext): WriteResult {
  const failure = writeFailure(error, context);
  if (failure.commitUnknown) return { kind: "fatal", failure };
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
  if (error instanceof ContentChanged) {
    const message = `${error.message}: ${table}${context.endpoint}`;
    return { kind: "unknown", code: "CONTENT_CHANGED", message };
  }
  return failureOf(error, context);
}
