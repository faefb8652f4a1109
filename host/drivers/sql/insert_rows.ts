/** How many rows one INSERT of a plan may have. */
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import { LIMITS } from "../../../src/limits.ts";

/**
 * As many rows as the plan says, as the database takes parameters, and as keep the text within a
 * bound: a row template may be blanks for the most part, and thousands of it too long for any text.
 */
export function insertRowsMax(
  write: PlannedWrite,
  { parametersMax, parametersOfRow }: {
    readonly parametersMax: number;
    readonly parametersOfRow: number;
  },
): number {
  const bound = Math.floor(parametersMax / parametersOfRow);
  const written = Math.floor(LIMITS.insertBytesMax / write.row.length);
  return Math.max(1, Math.min(write.rowsMax, bound, written));
}
