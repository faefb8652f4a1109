/** One transaction around several statements. */
import { rolledBack } from "./failures.ts";
import { type Session, SessionError } from "./session.ts";

/** Begins a transaction. The isolation level is the one that the ledger was thought through for. */
export const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";

/** COMMIT was sent and was not answered by COMMIT; the cause says how. */
export class CommitError extends Error {
  /** The cause is what the session threw, or `COMMIT_REFUSED`. */
  constructor(cause: unknown) {
    super("COMMIT failed", { cause });
  }
}

/**
 * Runs `work` in a transaction.
 *
 * @throws what `work` throws, once it is rolled back, or {@linkcode CommitError}
 */
export async function inTransaction<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query(BEGIN);
  let value: T;
  try {
    value = await work();
  } catch (error) {
    await rollback(session);
    throw error;
  }
  await commit(session);
  return value;
}

/** Commits. Where it is not known what became of it, the session is closed. @throws {CommitError} */
export async function commit(session: Session): Promise<void> {
  try {
    // A transaction that failed before answers ROLLBACK, and without an error.
    const { command } = await session.query("COMMIT");
    if (command !== "COMMIT") throw new SessionError("COMMIT_REFUSED");
  } catch (error) {
    if (!rolledBack(error)) await session.close();
    throw new CommitError(error);
  }
}

/** Rolls back. Never throws: where it fails, the session is closed, which rolls back as well. */
export async function rollback(session: Session): Promise<void> {
  try {
    await session.query("ROLLBACK", { timeoutMs: 10_000 });
  } catch {
    await session.close();
  }
}
