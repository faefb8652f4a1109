/** What a batch that was not written comes back as, and what is said of a row that was refused. */
import type { WriteResult } from "../../../src/model/backend.ts";
import { type Batch, lineOfRow, type RejectedRow, type Shape } from "../../../src/model/batch.ts";
import type { Failure, FailureKind } from "../../../src/model/failure.ts";
import type { Database, FailureContext, SqlFamily } from "./family.ts";
import { ReplacedMeanwhile } from "./replaced_meanwhile.ts";
import { TableChanged } from "./table_watch.ts";
import { CommitError } from "./transaction.ts";

/** How long to wait, at the least, before the same batch is tried again. */
const RETRY_MS = { conflict: 50, otherwise: 100 };

/** A batch that is not written as the database took it, or had it before. */
class BatchFault extends Error {
  readonly kind: FailureKind;
  readonly code: string;

  constructor(kind: FailureKind, code: string, message: string) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}

/** The database took another number of rows than it was sent. */
export class CountsDiffer extends BatchFault {
  /** Makes an error of the two numbers. */
  constructor(sent: number, taken: number) {
    const what = `a statement of the plan was sent ${sent} rows and took ${taken}`;
    super("counts", "COUNTS_DIFFER", what);
  }
}

/** The ledger holds another batch that has bytes of this one. */
export class OtherBatch extends BatchFault {
  /** Makes an error of the batch that came now. */
  constructor({ part, line }: Pick<Batch, "part"> & Partial<Pick<Batch, "line">>) {
    const place = line === undefined ? "" : ` than those from line ${line} on`;
    super(
      "source_changed",
      "OTHER_BATCH",
      `the ledger has other rows of ${part}${place}, where they stand. ` +
        "Somebody else loads this source, and it has changed or grown meanwhile: the same command " +
        "again holds it against what is in, and goes on behind it",
    );
  }
}

/** The failure of a write that threw. What no database has thrown is thrown on: a defect of ours. */
export async function writeFailure(
  { session, family }: Database,
  error: unknown,
  context: FailureContext,
): Promise<Failure> {
  if (error instanceof BatchFault) {
    const message = `${context.what} failed on ${context.endpoint}: ${error.message}`;
    return { kind: error.kind, code: error.code, message };
  }
  if (error instanceof TableChanged || error instanceof ReplacedMeanwhile) {
    return { kind: "table_changed", code: "TABLE_CHANGED", message: error.message };
  }
  const committing = error instanceof CommitError;
  return await family.failureOf(session, committing ? error.cause : error, {
    ...context,
    committing,
  });
}

/** Whether the same batch may succeed later, or a smaller one. */
export function decide(failure: Failure, asksForLess?: ReadonlySet<string>): WriteResult {
  // Where it is in after all, the ledger will say so when the batch comes again.
  if (failure.commitUnknown) return { kind: "retry", failure, afterMs: RETRY_MS.otherwise };
  if (asksForLess?.has(failure.code)) return { kind: "split", failure };
  switch (failure.kind) {
    case "conflict":
      return { kind: "retry", failure, afterMs: RETRY_MS.conflict };
    case "connection":
    case "unavailable":
    case "timeout":
      return { kind: "retry", failure, afterMs: RETRY_MS.otherwise };
    default:
      return { kind: "fatal", failure };
  }
}

/** A row that the database refused. */
export function rejectedRow(
  family: SqlFamily,
  batch: Batch,
  { row, error, column, shape }: {
    /** Number within the batch. */
    readonly row: number;
    readonly error: unknown;
    /** The column, where the error's place names one. */
    readonly column: string | undefined;
    readonly shape: Shape;
  },
): RejectedRow {
  const refusal = family.refusalOf(error, shape);
  const named = column ?? refusal.column;
  return {
    ordinal: batch.ordinal + row,
    part: batch.part,
    line: lineOfRow(batch, row),
    ...(named === undefined ? {} : { column: named }),
    ...(refusal.constraint === undefined ? {} : { constraint: refusal.constraint }),
    code: family.kindOf(error) === "integrity" ? "integrity" : "data",
    message: refusal.message,
  };
}
