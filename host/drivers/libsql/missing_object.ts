/**
 * Tells a missing table or column from a statement that is wrong. SQLite has one code for all of
 * them, and says which in words alone; so the table is looked at instead of the words.
 */
import type { FailureContext } from "../sql/family.ts";
import { readLiveTable } from "./live_table.ts";
import { type Missing, type Session, SessionError } from "./session.ts";

/** Codes of statements that are not taken: the engines', and that of libSQL's server. */
const NOT_TAKEN = new Set(["SQLITE_ERROR", "SQL_INPUT_ERROR"]);

/**
 * The same error, and with it what is missing of the context's table and columns, if anything is.
 * Outside of a transaction. Never throws: where the table cannot be read, the error says no more
 * than it did.
 */
export async function nameMissing(
  session: Session,
  error: unknown,
  { table, columns = [], creating = false }: FailureContext,
): Promise<unknown> {
  if (!(error instanceof SessionError) || !NOT_TAKEN.has(error.code) || !table) return error;
  try {
    const live = await readLiveTable(session, table);
    // The engine does not tell upper and lower case apart either.
    const there = new Set(live?.columns.map(({ name }) => name.toLowerCase()));
    const lacking = columns.filter((name) => !there.has(name.toLowerCase()));
    if (!live) return creating ? error : found(error, "table");
    return lacking.length > 0 ? found(error, "column", lacking) : error;
  } catch {
    return error;
  }
}

function found(error: SessionError, missing: Missing, columns = error.columns): SessionError {
  return new SessionError(error.code, { ...error, columns, missing });
}
