/** Which row and column a failed COPY means. */
import type { ServerError } from "./failures.ts";

/** The place of a failed COPY. */
export interface CopyFault {
  /** Row of the COPY, from 0. */
  readonly row: number;
  readonly column?: string;
}

/**
 * Reads the place from the error's context, `COPY nodes, line 6, column id: "…"`. Servers translate
 * the words and move them, so only what is no word counts: the line begins with the table's name,
 * perhaps after one word, and the first number after it is the row. Contexts of other things, such
 * as `JSON data, line 1: …`, may come before and may carry values; no value comes before the
 * number on the line itself.
 *
 * Returns undefined where the context names no row: that of a foreign key check, for instance,
 * comes after the COPY.
 */
export function copyFault(
  error: ServerError,
  { tables, columns, rows }: {
    /** Names of the tables that the COPY may have gone to. */
    readonly tables: readonly string[];
    /** Names of the columns. */
    readonly columns: readonly string[];
    /** Rows that were sent. */
    readonly rows: number;
  },
): CopyFault | undefined {
  for (const line of (error.where ?? "").split("\n")) {
    for (const table of tables) {
      const at = line.indexOf(table);
      if (at < 0 || !/^(?:\p{L}+ )?$/u.test(line.slice(0, at))) continue;
      const found = /^[^\d"]*?(\d+)/.exec(line.slice(at + table.length));
      const row = Number(found?.[1]) - 1;
      if (!found || !(row >= 0 && row < rows)) continue;
      const rest = line.slice(at + table.length + found[0].length);
      const column = error.column_name ?? columnIn(rest, columns);
      return column === undefined ? { row } : { row, column };
    }
  }
  return undefined;
}

/** The column named in `, column id: "…"`; the longest that fits, as one may begin another. */
function columnIn(rest: string, columns: readonly string[]): string | undefined {
  let best: string | undefined;
  for (const column of columns) {
    const at = rest.indexOf(column);
    const before = rest.slice(0, Math.max(at, 0));
    // What stands before is a word at the most: a colon would already begin the value.
    if (at < 1 || at > 20 || /[:："]/.test(before)) continue;
    const after = rest.slice(at + column.length);
    if (after !== "" && !/^\s?[:：]/.test(after)) continue;
    if (best === undefined || column.length > best.length) best = column;
  }
  return best;
}
