/**
 * libSQL's native engine, the package `libsql`: for files that hold what only libSQL knows.
 *
 * Invariants
 * - A statement that returns rows is never `run`: it would stay active and keep the write lock.
 * - An EXPLAIN of a statement that writes stays active after its last row, and is begun once more to end it.
 * - No statement is prepared but for work on rows: the package cannot finalise one, and the engine
 *   keeps the files of a connection open for as long as it has one. Connections that only ever set
 *   up (health, say) would hold two descriptors each until a collector comes.
 */
import type { Cell } from "../../codec/codec.ts";
import { attempt, type Engine, type EngineDatabase, type EngineStatement } from "./engine.ts";
import { resultCodeName } from "./result_code.ts";
import { constraintColumns, SessionError } from "./session.ts";

/** What is used of `libsql`, whose own types are those of another package. */
interface NativeDatabase {
  readonly inTransaction: boolean;
  prepare(sql: string): NativeStatement;
  exec(sql: string): void;
  close(): void;
}

interface NativeStatement {
  columns(): readonly unknown[];
  run(args: readonly Cell[]): { readonly changes: number };
  raw(): NativeStatement;
  get(): unknown;
  safeIntegers(): NativeStatement;
  all(args: readonly Cell[]): (Cell | ArrayBuffer)[][];
}

type NativeConstructor = new (path: string, options: { timeout: number }) => NativeDatabase;

/** The engine; loaded when first used: most hosts need no native code. */
export async function loadNative(): Promise<Engine> {
  const { default: Database } = await import("libsql") as unknown as { default: NativeConstructor };
  return {
    name: "libsql",
    open: (path) => fileOf(new Database(path, { timeout: 0 })),
    // It knows no other way to open a file; what writes is refused.
    look: (path) => {
      const file = fileOf(new Database(path, { timeout: 0 }));
      file.exec("PRAGMA query_only = ON");
      return file;
    },
  };
}

function fileOf(database: NativeDatabase): EngineDatabase {
  return {
    get inTransaction() {
      return database.inTransaction;
    },
    exec: (sql) => attempt(() => database.exec(sql), sessionError),
    prepare: (sql) => attempt(() => statementOf(database.prepare(sql), sql), sessionError),
    close: () => database.close(),
  };
}

function statementOf(statement: NativeStatement, sql: string): EngineStatement {
  const explains = /^EXPLAIN\b/.test(sql);
  const returnsRows = statement.columns().length > 0;
  if (returnsRows) statement.raw().safeIntegers();
  return {
    returnsRows,
    run: (args) => attempt(() => statement.run(args).changes, sessionError),
    all(args) {
      const rows = attempt(() => statement.all(args), sessionError);
      if (explains) statement.get();
      return rows.map((row) => row.map(plain));
    },
  };
}

/** Blobs arrive as a Buffer or an ArrayBuffer, and leave as bytes of their own. */
function plain(value: Cell | ArrayBuffer): Cell {
  return value instanceof Uint8Array || value instanceof ArrayBuffer
    ? new Uint8Array(value)
    : value;
}

function sessionError(error: unknown): SessionError {
  const { code, rawCode, message } = error as { code?: string; rawCode?: number; message?: string };
  // Codes that the package has no name for arrive as UNKNOWN_SQLITE_ERROR_<number>.
  const name = code?.startsWith("SQLITE_") ? code : resultCodeName(rawCode ?? -1);
  return new SessionError(name, { columns: constraintColumns(name, message ?? "") });
}
