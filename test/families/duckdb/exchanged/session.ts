/**
 * DuckDB's sessions, every statement of which is counted and may be disturbed. Stands in the place of
 * `session.ts`.
 */
import type { Target } from "../../../../host/drivers/duckdb/config.ts";
import { type DuckSession, openSession as open } from "../../../../host/drivers/duckdb/session.ts";
import { SessionError } from "../../../../host/drivers/sql/failures.ts";
import type { Answer, Statement } from "../../../../host/drivers/sql/session.ts";
import { enter, kill } from "../../../crash/disturbance.ts";

export * from "../../../../host/drivers/duckdb/session.ts";

/** Opens a session. */
export async function openSession(target: Target): Promise<DuckSession> {
  const session = await open(target);
  const run = session.runAll.bind(session);
  session.runAll = async (statements: readonly Statement[]) => {
    const answers: Answer[] = [];
    for (const [i, statement] of statements.entries()) {
      const wish = enter(statement.sql);
      if (!wish) {
        answers.push(...await run([statement]));
        continue;
      }
      // An error is an answer too: of rows that vary, an INSERT is given up.
      if (wish.moment === "after") await run([statement]).catch(() => {});
      if (wish.kind === "kill") kill();
      await session.attempt(() => Promise.reject(new SessionError(wish.code!)), i);
    }
    return answers;
  };
  return session;
}
