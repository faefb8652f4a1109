/**
 * What every transaction goes through: it is committed, or rolled back before anything is thrown;
 * and where the session's engine does not know what it meets, it is run again on one that does.
 */
import { type FailureContext, thrown } from "./failures.ts";
import { nameMissing } from "./missing.ts";
import { type Session, SessionError } from "./session.ts";

/** Runs work in a transaction. @throws {LoadError} */
export async function inTransaction<T>(
  session: Session,
  about: FailureContext,
  work: () => Promise<T>,
): Promise<T> {
  let committing = false;
  return await attempt(session, () => ({ ...about, committing }), async () => {
    await fitEngine(session, []);
    return await onFittingEngine(session, async () => {
      await session.begin();
      const result = await work();
      committing = true;
      await session.commit();
      return result;
    });
  });
}

/** Rolls back and throws a {@linkcode LoadError} where work fails. @throws {LoadError} */
export async function attempt<T>(
  session: Session,
  about: () => FailureContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await session.rollback();
    throw thrown(await nameMissing(session, error, about()), about());
  }
}

/**
 * Runs work, and where the engine does not know what it met, once more on one that does, after
 * `prepare` has made there what belongs to the session.
 *
 * @throws what the work throws
 */
export async function onFittingEngine<T>(
  session: Session,
  work: () => Promise<T>,
  prepare?: () => Promise<void>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SessionError && error.beyondEngine)) throw error;
    await session.rollback();
    if (!await session.fallBack()) throw error;
    await prepare?.();
    return await work();
  }
}

/**
 * Sees to it that the engine knows the schema and these statements. True where the session goes on
 * with another engine.
 *
 * @throws {SessionError} `ENGINE_IN_USE` where it would pass over something in the schema in silence
 */
export async function fitEngine(session: Session, statements: readonly string[]): Promise<boolean> {
  if (await session.takes(statements)) return false;
  if (await session.fallBack()) return true;
  if (!await session.takes([])) throw new SessionError("ENGINE_IN_USE");
  return false;
}
