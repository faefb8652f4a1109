/** The error for rows that stop a load. */
import type { RejectedRow } from "../model/batch.ts";
import { type Issue, issueLines, LoadError } from "../model/errors.ts";
import type { Allowance } from "./reject_budget.ts";

/** How many rejected rows a message spells out. */
const REJECTS_SHOWN = 10;

/** Names the first of the rows, by place and reason, never by value. */
export function rejection(
  rows: readonly RejectedRow[],
  { committed, limit }: {
    readonly committed: boolean;
    /** What may be left out of the batch, and what was before. */
    readonly limit?: Allowance | undefined;
  },
): LoadError {
  const shown = rows.slice(0, REJECTS_SHOWN).map(placeAndReason);
  const lines = issueLines(shown);
  if (rows.length > shown.length) lines.push(`and ${rows.length - shown.length} more`);
  const count = rows.length === 1
    ? "1 row cannot be loaded"
    : `${rows.length} rows cannot be loaded`;
  return new LoadError(
    `${count}, ${
      committed ? "the rest of its batch is committed" : "nothing of its batch was committed"
    }${limit?.words === undefined ? "" : `; ${limit.words}`}:`,
    {
      ...{ code: "rows_rejected", blame: "data", issues: shown, lines },
      rejectsMin: (limit?.before ?? 0) + rows.length,
    },
  );
}

/** Where a row stands, and why it cannot be loaded: no value of it. */
export function placeAndReason({ part, line, position, column, message }: RejectedRow): Issue {
  return {
    path: `${part}:${line}${position === undefined ? "" : `:${position}`}`,
    message: (column === undefined ? "" : `column ${column}: `) + message,
  };
}
