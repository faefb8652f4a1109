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
import { toFileUrl } from "@std/path";
import type { Cell } from "../../codec/codec.ts";
import {
  attempt,
  type Engine,
  type EngineDatabase,
  type EngineStatement,
  IMAGE,
} from "./engine.ts";
import { resultCodeName } from "./result_code.ts";
import { constraintColumns, SessionError } from "./session.ts";

/** The engine; loaded when first used, as the other one is. */
export async function loadSqlite(): Promise<Engine> {
  const { DatabaseSync } = await import("node:sqlite");
  const attaches = mayAttach(new DatabaseSync(":memory:"));
  return {
    name: "sqlite",
    open: (path) => fileOf(new DatabaseSync(path, { timeout: 0 }), attaches),
    look: (path, { immutable }) => {
      const place = immutable ? new URL(`${toFileUrl(path)}?immutable=1`) : path;
      return fileOf(new DatabaseSync(place, { timeout: 0, readOnly: true }), false);
    },
  };
}

/** Whether images can be opened: Deno lets SQLite attach where everything is allowed. */
function mayAttach(database: DatabaseSync): boolean {
  try {
    database.exec("ATTACH ':memory:' AS other");
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}

/** What the types of the module lack. */
interface Deserializing {
  deserialize(image: Uint8Array, options: { readonly dbName: string }): void;
}

function fileOf(database: DatabaseSync, attaches: boolean): EngineDatabase {
  const prepare = (sql: string) => attempt(() => statementOf(database.prepare(sql)), sessionError);
  return {
    get inTransaction() {
      return database.isTransaction;
    },
    exec(sql) {
      const statement = prepare(sql);
      if (statement.returnsRows) statement.all([]);
      else statement.run([]);
    },
    prepare,
    ...attaches
      ? {
        attach: (image: Uint8Array) =>
          attempt(() => {
            database.prepare(`ATTACH ':memory:' AS ${IMAGE}`).run();
            (database as unknown as Deserializing).deserialize(image, { dbName: IMAGE });
          }, sessionError),
      }
      : {},
    close: () => database.close(),
  };
}

function statementOf(statement: StatementSync): EngineStatement {
  const returnsRows = statement.columns().length > 0;
  if (returnsRows) {
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
  }
  return {
    returnsRows,
    run: (args) => attempt(() => Number(statement.run(...args).changes), sessionError),
    all: (args) => attempt(() => statement.all(...args) as unknown as Cell[][], sessionError),
  };
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
