/** What a batch that was not written comes back as, and what is said of a row that was refused. */
import type { WriteResult } from "../../../src/backend.ts";
import { type Batch, lineOfRow, type RejectedRow } from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import { isDatabaseError, kindOf, serverErrorOf } from "./failures.ts";
import { sqlstateLabel } from "./sqlstate.ts";

/** How long to wait, at the least, before the same batch is tried again. */
const RETRY_MS = { conflict: 50, otherwise: 100 };

/** Whether an error is of rows, so that they can be rejected. */
export function isOfRows(error: unknown): boolean {
  return isDatabaseError(error) && ofRows({ kind: kindOf(serverErrorOf(error).code) });
}

/** Whether a failure is of rows. */
export function ofRows({ kind }: Pick<Failure, "kind">): boolean {
  return kind === "data" || kind === "integrity";
}

/** Whether the same batch may succeed later. Where it is in after all, the ledger will say so. */
export function decide(failure: Failure): WriteResult {
  if (failure.commitUnknown) return { kind: "retry", failure, afterMs: RETRY_MS.otherwise };
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
  batch: Batch,
  { row, error, column }: { row: number; error: unknown; column: string | undefined },
): RejectedRow {
  const { code, column_name, constraint_name } = serverErrorOf(error);
  const constraint = constraint_name === undefined ? "" : ` (${constraint_name})`;
  const name = column ?? column_name;
  return {
    ordinal: batch.ordinal + row,
    part: batch.part,
    line: lineOfRow(batch, row),
    ...(name === undefined ? {} : { column: name }),
    ...(constraint_name === undefined ? {} : { constraint: constraint_name }),
    code: kindOf(code) === "integrity" ? "integrity" : "data",
    message: `The database refused the row: ${sqlstateLabel(code)}${constraint}`,
  };
}
