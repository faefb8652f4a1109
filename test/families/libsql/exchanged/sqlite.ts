/**
 * SQLite's engine, every call of which is counted and may be disturbed. Stands in the place of
 * `sqlite.ts`.
 */
import type {
  Engine,
  EngineDatabase,
  EngineStatement,
} from "../../../../host/drivers/libsql/engine.ts";
import { SessionError } from "../../../../host/drivers/libsql/session.ts";
import { loadSqlite as load } from "../../../../host/drivers/libsql/sqlite.ts";
import { enter, kill } from "../../../crash/disturbance.ts";

/** The engine. */
export async function loadSqlite(): Promise<Engine> {
  const engine = await load();
  return {
    name: engine.name,
    open: (path) => disturbed("open", () => databaseOf(engine.open(path))),
    look: (path, how) => disturbed("open", () => databaseOf(engine.look(path, how))),
  };
}

function databaseOf(database: EngineDatabase): EngineDatabase {
  return {
    get inTransaction() {
      return database.inTransaction;
    },
    exec: (sql) => disturbed(sql, () => database.exec(sql)),
    prepare: (sql) => statementOf(sql, database.prepare(sql)),
    ...database.attach
      ? { attach: (image: Uint8Array) => disturbed("ATTACH", () => database.attach!(image)) }
      : {},
    close: () => disturbed("close", () => database.close()),
  };
}

function statementOf(sql: string, statement: EngineStatement): EngineStatement {
  return {
    returnsRows: statement.returnsRows,
    run: (args) => disturbed(sql, () => statement.run(args)),
    all: (args) => disturbed(sql, () => statement.all(args)),
  };
}

function disturbed<T>(what: string, call: () => T): T {
  const wish = enter(what);
  if (!wish) return call();
  if (wish.moment === "after") answered(call);
  if (wish.kind === "kill") kill();
  // No engine refuses to roll back.
  if (what.startsWith("ROLLBACK") && wish.moment === "before") return call();
  throw new SessionError(wish.code ?? "SQLITE_IOERR");
}

/** Lets the engine answer; an error is an answer too. */
function answered(call: () => unknown): void {
  try {
    call();
  } catch {
    // Nobody hears of it.
  }
}
