/**
 * A session with a file on one engine. Synchronous inside: whoever must not be blocked by the disk
 * puts the session into a worker.
 *
 * Invariants
 * - Locks are waited for outside of the engine. Its own wait would block the thread, and with it
 *   the session on the same thread that holds the lock; and a change of journal mode it does not
 *   wait for at all.
 * - Only one statement stands in one text: an engine would leave out the rest in silence.
 */
import type { Cell } from "../../codec/codec.ts";
import type { Answer, Statement } from "../sql/session.ts";
import { type EngineDatabase, type EngineStatement, IMAGE } from "./engine.ts";
import { checkBindable, SessionError } from "./session.ts";
import { VECTOR_INDEX } from "./vector_index.ts";

/** Pauses between two tries for a lock: those of SQLite's own busy handler. */
const BUSY_PAUSES_MS: readonly number[] = [1, 2, 5, 10, 15, 20];
const BUSY_PAUSE_MS_MAX = 25;

/** Statements kept per session: those of one load, each for full slices and for some shorter ones. */
const PREPARED_MAX = 32;

/** A session with a file on one engine. */
export class EngineSession {
  readonly #database: EngineDatabase;
  readonly #busyTimeoutMs: number;
  /** By text; the least recently used comes first. */
  readonly #prepared = new Map<string, EngineStatement>();
  /** The most recently used. */
  #lastSql: string | undefined;
  #last: EngineStatement | undefined;
  #usable = true;
  #wrote = false;
  /** Whether an image is open. */
  #attached = false;

  /** A session on an open file, which it closes. */
  constructor(database: EngineDatabase, busyTimeoutMs: number) {
    this.#database = database;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /** False once it is closed, or in an unknown state. */
  get usable(): boolean {
    return this.#usable;
  }

  /** Whether a transaction is open, or temporary tables are there: what ends with the session. */
  get holdsState(): boolean {
    if (this.#database.inTransaction) return true;
    return this.#database.prepare("SELECT 1 FROM temp.sqlite_schema").all([]).length > 0;
  }

  /** See {@linkcode Session}. */
  async begin(): Promise<void> {
    await this.#release();
    await this.#patiently(() => this.#database.exec("BEGIN IMMEDIATE"));
  }

  /** See {@linkcode Session}. */
  async commit(): Promise<void> {
    await this.#patiently(() => this.#database.exec("COMMIT"));
    this.#wrote = true;
    this.#detach();
  }

  /** See {@linkcode Session}. */
  rollback(): void {
    try {
      // Some failures (a full disk) have rolled back already.
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
    } catch {
      this.#usable = false;
    }
    this.#detach();
  }

  /** See {@linkcode Session}. */
  get takesImages(): boolean {
    return this.#database.attach !== undefined;
  }

  /** See {@linkcode Session}. */
  attachImage(image: Uint8Array): boolean {
    if (!this.#database.attach) return false;
    this.#attached = true;
    this.#forget();
    this.#database.attach(image);
    return true;
  }

  /** An image can be let go of once its transaction is over. Where that fails, `begin` tries again. */
  #detach(): void {
    if (!this.#attached) return;
    try {
      this.#database.exec(`DETACH ${IMAGE}`);
      this.#attached = false;
    } catch {
      // What was committed is committed.
    }
  }

  /** Lets go of an image that is still open, since the next one has the same name. */
  async #release(): Promise<void> {
    if (!this.#attached) return;
    try {
      await this.#patiently(() => this.#database.exec(`DETACH ${IMAGE}`));
      this.#attached = false;
    } catch (error) {
      // Where ATTACH itself has failed, there is none of that name.
      this.#attached = false;
      if (error instanceof SessionError && error.code === "SQLITE_ERROR") return;
      this.#usable = false;
      throw error;
    }
  }

  #forget(): void {
    this.#prepared.clear();
    this.#lastSql = this.#last = undefined;
  }

  /** See {@linkcode Session}. */
  async setUp(sql: string): Promise<void> {
    await this.#patiently(() => this.#database.exec(sql));
  }

  /** See {@linkcode Session}. */
  async run(sql: string, args: readonly Cell[]): Promise<number> {
    checkBindable(args);
    return (await this.#patiently(() => this.#run(sql, args))).changes;
  }

  /** See {@linkcode Session}. */
  async all(sql: string, args: readonly Cell[]): Promise<Cell[][]> {
    checkBindable(args);
    return await this.#patiently(() => this.#prepare(sql).all(args));
  }

  /** See {@linkcode Session}. */
  async runAll(statements: readonly Statement[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const { sql, args } of statements) {
      try {
        answers.push(await this.#patiently(() => this.#run(sql, args)));
      } catch (error) {
        if (!(error instanceof SessionError)) throw error;
        throw new SessionError(error.code, { ...error, statement: answers.length });
      }
    }
    return answers;
  }

  /**
   * Whether SQLite's own engine would do: it can read the schema, which holds nothing that it would
   * pass over in silence, and the statements. What fails on every engine is told when it is run.
   *
   * @throws {SessionError} where the schema cannot be read for another reason, such as a lock
   */
  async isPlainSqlite(statements: readonly string[]): Promise<boolean> {
    try {
      const found = await this.#patiently(() => this.#prepare(VECTOR_INDEX).all([]));
      if (found.length > 0) return false;
    } catch (error) {
      if (isBeyondEngine(error)) return false;
      throw error;
    }
    return statements.every((sql) => {
      try {
        this.#prepare(sql);
        return true;
      } catch (error) {
        return !isBeyondEngine(error);
      }
    });
  }

  /** See {@linkcode Session}. */
  close(): void {
    this.#usable = false;
    this.#forget();
    try {
      // An engine does so as its last connection closes; until then, what was loaded would stand in
      // the write-ahead log alone.
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
    let started: number | undefined;
    for (let tries = 0;; tries++) {
      try {
        return call();
      } catch (error) {
        started ??= performance.now();
        const leftMs = started + this.#busyTimeoutMs - performance.now();
        const busy = error instanceof SessionError && error.code.startsWith("SQLITE_BUSY");
        if (!busy || leftMs <= 0) throw error;
        const pauseMs = Math.min(BUSY_PAUSES_MS[tries] ?? BUSY_PAUSE_MS_MAX, leftMs);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }

  #run(sql: string, args: readonly Cell[]): Answer {
    const statement = this.#prepare(sql);
    return statement.returnsRows
      ? { changes: 0, rows: statement.all(args) }
      : { changes: statement.run(args), rows: [] };
  }

  #prepare(sql: string): EngineStatement {
    if (sql === this.#lastSql) return this.#last!;
    let statement = this.#prepared.get(sql);
    if (statement) {
      this.#prepared.delete(sql);
    } else {
      statement = this.#database.prepare(sql);
      if (this.#prepared.size >= PREPARED_MAX) {
        this.#prepared.delete(this.#prepared.keys().next().value!);
      }
    }
    this.#prepared.set(sql, statement);
    this.#lastSql = sql;
    this.#last = statement;
    return statement;
  }
}

function isBeyondEngine(error: unknown): boolean {
  return error instanceof SessionError && error.beyondEngine;
}
