/**
 * SQLite's own engine, which Deno carries: `node:sqlite`. It takes rows twice as fast as the native
 * build of libSQL, and knows none of what libSQL has added.
 *
 * Invariants
 * - No statement is run by `exec`, whose errors tell no result code.
 * - Numbers are bound as REAL. Where a number stands for an integer, whoever binds it has made sure
 *   that the column's affinity makes one of it again.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Cell } from "../../codec/codec.ts";
import type { Engine, EngineDatabase, EngineStatement } from "./engine.ts";
import { resultCodeName } from "./result_code.ts";
import { constraintColumns, SessionError } from "./session.ts";

/** The engine; loaded when first used, as the other one is. */
export async function loadSqlite(): Promise<Engine> {
  const { DatabaseSync } = await import("node:sqlite");
  return {
    name: "sqlite",
    open: (path) => new SqliteDatabase(new DatabaseSync(path, { timeout: 0 })),
  };
}

class SqliteDatabase implements EngineDatabase {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  exec(sql: string): void {
    const statement = this.prepare(sql);
    if (statement.returnsRows) statement.all([]);
    else statement.run([]);
  }

  prepare(sql: string): EngineStatement {
    return attempt(() => new SqliteStatement(this.#database.prepare(sql)));
  }

  close(): void {
    this.#database.close();
  }
}

class SqliteStatement implements EngineStatement {
  readonly returnsRows: boolean;
  readonly #statement: StatementSync;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    this.returnsRows = statement.columns().length > 0;
    if (!this.returnsRows) return;
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
  }

  run(args: readonly Cell[]): number {
    return attempt(() => Number(this.#statement.run(...args).changes));
  }

  all(args: readonly Cell[]): Cell[][] {
    return attempt(() => this.#statement.all(...args) as unknown as Cell[][]);
  }
}

function attempt<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw sessionError(error);
  }
}

/**
 * What SQLite says to what libSQL has added: functions, virtual tables, words of its own, also where
 * they stand in the schema, which it calls damage then. Most statements that fail are not of these,
 * and would fail on any engine.
 */
const BEYOND =
  /syntax error|unrecognized token|malformed database schema|no such (function|module|collation)|unknown function|no such table: (vector_top_k|libsql_)/;

function sessionError(error: unknown): SessionError {
  const { errcode, code, message = "" } = error as {
    errcode?: number;
    code?: string;
    message?: string;
  };
  if (errcode === undefined) {
    const unbound = code === "ERR_INVALID_ARG_TYPE" || code === "ERR_INVALID_ARG_VALUE";
    return new SessionError(unbound ? "VALUE_NOT_BINDABLE" : "SQLITE_MISUSE");
  }
  const name = resultCodeName(errcode);
  return new SessionError(name, {
    columns: constraintColumns(name, message),
    beyondEngine: /^SQLITE_(ERROR|CORRUPT)$/.test(name) && BEYOND.test(message),
  });
}
