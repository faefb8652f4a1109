/**
 * Sessions with a file, on libSQL's native engine. Synchronous inside: whoever must not be blocked
 * by the disk puts the session into a worker.
 *
 * Invariants
 * - Locks are waited for outside of the engine. Its own wait would block the thread, and with it
 *   the session on the same thread that holds the lock; and a change of journal mode it does not
 *   wait for at all.
 * - A statement that returns rows is never `run`: it would stay active and keep the write lock.
 * - Only one statement stands in one text: the engine would leave out the rest in silence.
 */
import { dirname } from "node:path";
import { LoadError } from "../../../src/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Target } from "./config.ts";
import { notConnected } from "./failures.ts";
import { checkBindable, constraintColumns, type Session, SessionError } from "./session.ts";

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
  safeIntegers(): NativeStatement;
  all(args: readonly Cell[]): (Cell | ArrayBuffer)[][];
}

interface Prepared {
  readonly statement: NativeStatement;
  readonly returnsRows: boolean;
}

/** Pauses between two tries for a lock: those of SQLite's own busy handler. */
const BUSY_PAUSES_MS: readonly number[] = [1, 2, 5, 10, 15, 20];
const BUSY_PAUSE_MS_MAX = 25;

/** Statements kept per session: those of one load, each for full slices and for some shorter ones. */
const PREPARED_MAX = 32;

type Engine = new (path: string, options: { timeout: number }) => NativeDatabase;
let engine: Engine | undefined;

/** Loaded when first used: a host without libSQL backends needs no native code. */
async function loadEngine(): Promise<Engine> {
  engine ??= (await import("libsql") as unknown as { default: Engine }).default;
  return engine;
}

/**
 * Opens a file, and makes it where it is missing.
 *
 * @throws {LoadError} `connection_failed` where the path is no place for a database; else the
 * database's failure
 */
export async function openNative(target: Target & { kind: "file" }): Promise<Session> {
  const Database = await loadEngine();
  let database: NativeDatabase;
  try {
    database = new Database(target.path, { timeout: 0 });
  } catch {
    throw await cannotOpen(target.path);
  }
  const session = new NativeSession(database, target.busyTimeoutMs);
  try {
    // The engine reads nothing until it is asked.
    await session.setUp("SELECT count(*) FROM sqlite_schema");
  } catch (error) {
    await session.close();
    throw notConnected(error, target.path);
  }
  return session;
}

class NativeSession implements Session {
  readonly lasting = true;
  readonly #database: NativeDatabase;
  readonly #busyTimeoutMs: number;
  /** By text; the least recently used comes first. */
  readonly #prepared = new Map<string, Prepared>();
  #usable = true;
  #wrote = false;

  constructor(database: NativeDatabase, busyTimeoutMs: number) {
    this.#database = database;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  get usable(): boolean {
    return this.#usable;
  }

  async begin(): Promise<void> {
    await this.#patiently(() => this.#database.exec("BEGIN IMMEDIATE"));
  }

  async commit(): Promise<void> {
    await this.#patiently(() => this.#database.exec("COMMIT"));
    this.#wrote = true;
  }

  // deno-lint-ignore require-await -- nothing to wait for, as the interface allows
  async rollback(): Promise<void> {
    try {
      // Some failures (a full disk) have rolled back already.
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
    } catch {
      this.#usable = false;
    }
  }

  /**
   * Without a prepared statement: the package cannot finalise one, and the engine keeps the files of
   * a connection open for as long as it has one. Connections that only ever set up (health, say)
   * would hold two descriptors each until a collector comes.
   */
  async setUp(sql: string): Promise<void> {
    await this.#patiently(() => this.#database.exec(sql));
  }

  async run(sql: string, args: readonly Cell[] = []): Promise<number> {
    checkBindable(args);
    return await this.#patiently(() => {
      const { statement, returnsRows } = this.#prepare(sql);
      if (!returnsRows) return statement.run(args).changes;
      statement.all(args);
      return 0;
    });
  }

  async all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
    checkBindable(args);
    const rows = await this.#patiently(() => this.#prepare(sql).statement.all(args));
    return rows.map((row) => row.map(plain));
  }

  // deno-lint-ignore require-await -- as above
  async close(): Promise<void> {
    this.#usable = false;
    this.#prepared.clear();
    try {
      // The engine would do so as its last connection closes, but for the statements that keep it
      // open: what was loaded would stand in the write-ahead log alone.
      if (this.#wrote) this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // Somebody reads: the log stays, and is whole.
    }
    try {
      this.#database.close();
    } catch {
      // Closed before.
    }
  }

  /** Tries again while another connection holds a lock, up to `busyTimeoutMs`. */
  async #patiently<T>(call: () => T): Promise<T> {
    const started = performance.now();
    for (let tries = 0;; tries++) {
      try {
        return call();
      } catch (thrown) {
        const error = sessionError(thrown);
        const leftMs = started + this.#busyTimeoutMs - performance.now();
        if (!error.code.startsWith("SQLITE_BUSY") || leftMs <= 0) throw error;
        const pauseMs = Math.min(BUSY_PAUSES_MS[tries] ?? BUSY_PAUSE_MS_MAX, leftMs);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql);
    if (prepared) {
      this.#prepared.delete(sql);
    } else {
      const statement = this.#database.prepare(sql);
      const returnsRows = statement.columns().length > 0;
      if (returnsRows) statement.raw().safeIntegers();
      prepared = { statement, returnsRows };
      if (this.#prepared.size >= PREPARED_MAX) {
        this.#prepared.delete(this.#prepared.keys().next().value!);
      }
    }
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** Blobs arrive as a Buffer or an ArrayBuffer, and leave as bytes of their own. */
function plain(value: Cell | ArrayBuffer): Cell {
  return value instanceof Uint8Array || value instanceof ArrayBuffer
    ? new Uint8Array(value)
    : value;
}

function sessionError(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const { code, rawCode, message } = error as { code?: string; rawCode?: number; message?: string };
  // Codes that the package has no name for arrive as UNKNOWN_SQLITE_ERROR_<number>.
  const name = code?.startsWith("SQLITE_") ? code : NAMES[rawCode ?? -1] ??
    NAMES[(rawCode ?? -1) & 0xff] ?? "SQLITE_UNKNOWN";
  return new SessionError(name, constraintColumns(name, message ?? ""));
}

/** Result codes by number, as far as the package does not name them itself. */
const NAMES: Readonly<Record<number, string>> = {
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  8: "SQLITE_READONLY",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  19: "SQLITE_CONSTRAINT",
  26: "SQLITE_NOTADB",
  3091: "SQLITE_CONSTRAINT_DATATYPE",
};

/** The engine says only that it could not: look why. */
async function cannotOpen(path: string): Promise<LoadError> {
  return new LoadError(`Opening a database failed, ${await why(path)}: ${path}`, {
    code: "connection_failed",
    blame: "config",
    vendorCode: "SQLITE_CANTOPEN",
  });
}

async function why(path: string): Promise<string> {
  const file = await stat(path);
  if (file?.isDirectory) return "it is a folder; name a file in it";
  if (file) return "the file cannot be read; see its permissions";
  const folder = await stat(dirname(path));
  if (!folder) return "its folder does not exist; make it first";
  if (!folder.isDirectory) return "what should be its folder is a file";
  return "the file cannot be made; see the permissions of its folder";
}

async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch {
    return undefined;
  }
}
