/** One transaction around several statements: committed, or rolled back before anything is thrown. */
import { millisecondsSince } from "../../../src/model/log.ts";
import type { SqlSession } from "./session.ts";

/** COMMIT failed; the cause is what the session threw. */
export class CommitError extends Error {
  override readonly cause: unknown;

  /** Takes what the session threw. */
  constructor(cause: unknown) {
    super("COMMIT failed", { cause });
    this.cause = cause;
  }
}

/** How a transaction ends and how it begins again. */
export interface TransactionOptions<T> {
  /** Whether what the work came to is committed; it is by default. */
  readonly keeps?: (value: T) => boolean;
  /** Makes again what belongs to the session, where its engine was exchanged. */
  readonly rejoin?: () => Promise<void>;
  /** Hears how long the COMMIT took, in milliseconds. */
  readonly onCommit?: (milliseconds: number) => void;
}

/**
 * Runs work in a transaction; once more where the session's engine did not know what it met, and goes
 * on with another one.
 *
 * @throws what the work throws, or {@linkcode CommitError}
 */
export async function inTransaction<T>(
  session: SqlSession,
  work: () => Promise<T>,
  { keeps = () => true, rejoin, onCommit }: TransactionOptions<T> = {},
): Promise<T> {
  const once = async () => {
    try {
      await session.begin();
      const value = await work();
      if (keeps(value)) {
        const started = performance.now();
        await commit(session);
        onCommit?.(millisecondsSince(started));
      } else await session.rollback();
      return value;
    } catch (error) {
      await session.rollback();
      throw error;
    }
  };
  return await recovering(session, once, rejoin);
}

/** Runs work, and once more where the session has recovered from its failure. */
export async function recovering<T>(
  session: SqlSession,
  work: () => Promise<T>,
  rejoin?: () => Promise<void>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!await session.recovers?.(error)) throw error;
    await rejoin?.();
    return await work();
  }
}

async function commit(session: SqlSession): Promise<void> {
  try {
    await session.commit();
  } catch (error) {
    throw new CommitError(error);
  }
}
