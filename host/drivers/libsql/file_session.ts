/**
 * Sessions with a file: on SQLite's own engine, and on libSQL's where the file or a plan needs what
 * only it knows.
 *
 * Invariants
 * - A file is open on one engine at a time in the whole process: see `engine_lease.ts`.
 * - Between two calls the file may be let go of, so that somebody can open it on the other engine;
 *   not while a transaction is open or there are temporary tables. The next call opens it again,
 *   set up as before.
 */
import { permissionError } from "../../../src/model/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Answer, Statement } from "../sql/session.ts";
import { cannotOpen } from "./cannot_open.ts";
import type { Target } from "./config.ts";
import type { Engine, EngineDatabase, EngineName } from "./engine.ts";
import { type EngineLease, fileKey, onRing, tryLease, waitForLease } from "./engine_lease.ts";
import { EngineSession } from "./engine_session.ts";
import { notConnected } from "./failures.ts";
import { setUpJournal } from "./journal.ts";
import { loadNative } from "./native.ts";
import { type Session, SessionError } from "./session.ts";
import { loadSqlite } from "./sqlite.ts";
import { isThere } from "../../platform/is_there.ts";
import { isWalAtRest } from "./wal_file.ts";

/** A call costs two microseconds, and what is read for it should stay in the processor's cache. */
const CALL_BYTES = 64 * 1024;

/** Where a file is, and how it is opened. */
export type FileTarget = Target & { kind: "file" } & {
  /** Whether it is not to be changed, nor made; false by default. */
  readonly readOnly?: boolean;
};

/** Loaded when first used. */
const engines: { [name in EngineName]?: Promise<Engine> } = {};

/**
 * Opens a file, and makes it where it is missing.
 *
 * @throws {LoadError} `connection_failed` where the path is no place for a database; else the
 * database's failure
 */
export async function openFile(target: FileTarget): Promise<FileSession> {
  const session = new FileSession(target);
  try {
    await session.open();
  } catch (error) {
    await session.close();
    throw notConnected(error, target.path);
  }
  return session;
}

/** A file that is open on an engine. */
interface OpenFile {
  readonly session: EngineSession;
  readonly lease: EngineLease;
}

/**
 * Sessions with a file: on SQLite's own engine, and on libSQL's where the file or a plan needs what
 * only it knows.
 */
export class FileSession implements Session {
  readonly lasting = true;
  readonly callBytes = CALL_BYTES;
  readonly prefersNumbers = true;
  readonly #target: FileTarget;
  readonly #key: string;
  readonly #setUps: string[] = [];
  readonly #deafen: () => void;
  #file: OpenFile | undefined;
  #calls = 0;
  #asked = false;
  #leaving: Promise<void> = Promise.resolve();
  #closed = false;

  /** A session that is yet to be opened. */
  constructor(target: FileTarget) {
    this.#target = target;
    this.#key = fileKey(target.path);
    this.#deafen = onRing(this.#key, () => {
      this.#asked = this.#file !== undefined || this.#calls > 0;
      this.#leaveIfAsked();
    });
  }

  /** See {@linkcode Session}. */
  get usable(): boolean {
    return !this.#closed && (this.#file?.session.usable ?? true);
  }

  /** The engine that the file is open on now; undefined while it is let go of. */
  get engine(): EngineName | undefined {
    return this.#file?.lease.engine;
  }

  /** Opens the file. @throws {SessionError} */
  async open(): Promise<void> {
    await this.#call(() => Promise.resolve());
  }

  begin(): Promise<void> {
    return this.#call((session) => session.begin());
  }

  commit(): Promise<void> {
    return this.#call((session) => session.commit());
  }

  // deno-lint-ignore require-await -- nothing to wait for, as the interface allows
  async rollback(): Promise<void> {
    this.#file?.session.rollback();
    this.#leaveIfAsked();
  }

  async setUp(sql: string): Promise<void> {
    await this.#call((session) => session.setUp(sql));
    // Whatever else it was, it did not end with the session.
    if (/^\s*PRAGMA\b/i.test(sql)) this.#setUps.push(sql);
  }

  async probe(sql: string): Promise<Cell> {
    return (await this.all(sql))[0]?.[0] ?? null;
  }

  run(sql: string, args: readonly Cell[] = []): Promise<number> {
    return this.#call((session) => session.run(sql, args));
  }

  all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
    return this.#call((session) => session.all(sql, args));
  }

  runAll(statements: readonly Statement[]): Promise<Answer[]> {
    return this.#call((session) => session.runAll(statements));
  }

  attachImage(image: Uint8Array): Promise<boolean> {
    return this.#call((session) => Promise.resolve(session.attachImage(image)));
  }

  get takesImages(): boolean {
    return this.#target.bulk === "auto" && (this.#file?.session.takesImages ?? false);
  }

  /** @throws {SessionError} `ENGINE_IN_USE` where the engine would pass over something in silence */
  async fit(statements: readonly string[]): Promise<boolean> {
    if (await this.#takes(statements)) return false;
    if (await this.#fallBack()) return true;
    if (!await this.#takes([])) throw new SessionError("ENGINE_IN_USE");
    return false;
  }

  async recovers(error: unknown): Promise<boolean> {
    return error instanceof SessionError && error.beyondEngine && await this.#fallBack();
  }

  /** Whether the engine knows whatever the database holds and these statements say. */
  async #takes(statements: readonly string[]): Promise<boolean> {
    if (!this.#hasChoice) return true;
    return await this.#call((session) => session.isPlainSqlite(statements));
  }

  /** Goes on with the engine that knows more; all is as it was where there is none, or not for us. */
  async #fallBack(): Promise<boolean> {
    if (!this.#hasChoice || this.#closed) return false;
    await this.#leave();
    try {
      this.#file = await this.#openNative();
      return true;
    } catch {
      // The engine is not there, or others work with the file: the next call opens it as before.
      return false;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#deafen();
    await this.#leave();
  }

  /** Whether there is another engine to go on with. */
  get #hasChoice(): boolean {
    return this.#target.engine === "auto" && this.engine !== "libsql";
  }

  async #call<T>(work: (session: EngineSession) => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      await this.#leaving;
      if (this.#closed) throw new SessionError("SQLITE_MISUSE");
      this.#file ??= await this.#choose();
      if (this.#closed) throw new SessionError("SQLITE_MISUSE");
      return await work(this.#file.session);
    } finally {
      this.#calls--;
      if (this.#closed) await this.#leave();
      else this.#leaveIfAsked();
    }
  }

  /** SQLite's own engine, unless the file is open on the other one, or needs it. */
  async #choose(): Promise<OpenFile> {
    const lease = this.#target.engine === "auto" ? await tryLease(this.#key, "sqlite") : undefined;
    if (!lease) return await this.#openNative();
    const file = await this.#openWith(lease);
    try {
      if (await file.session.isPlainSqlite([])) return file;
    } catch (error) {
      await leave(file);
      throw error;
    }
    await leave(file);
    return await this.#openNative();
  }

  async #openNative(): Promise<OpenFile> {
    const lease = await waitForLease(this.#key, "libsql", this.#target.busyTimeoutMs);
    if (!lease) throw new SessionError("ENGINE_IN_USE");
    const file = await this.#openWith(lease);
    try {
      // The engine reads nothing until it is asked.
      await file.session.setUp("SELECT count(*) FROM sqlite_schema");
      return file;
    } catch (error) {
      await leave(file);
      throw error;
    }
  }

  /** Opens the file as this session had it, or gives the lease back. */
  async #openWith(lease: EngineLease): Promise<OpenFile> {
    const { path, busyTimeoutMs, journal, readOnly = false } = this.#target;
    let session: EngineSession | undefined;
    try {
      const opened = session = new EngineSession(
        await openOn(lease.engine, path, readOnly),
        busyTimeoutMs,
      );
      try {
        if (!readOnly) await setUpJournal((sql) => opened.setUp(sql), path, journal);
      } catch (error) {
        // What the schema holds is for the other engine, which is yet to be chosen.
        if (!(error instanceof SessionError && error.beyondEngine)) throw error;
      }
      for (const sql of this.#setUps) await session.setUp(sql);
      return { session, lease };
    } catch (error) {
      session?.close();
      await lease.release();
      throw error;
    }
  }

  #leaveIfAsked(): void {
    if (!this.#asked || this.#calls > 0 || !this.#file) return;
    if (this.engine !== "sqlite" || this.#file.session.holdsState) return;
    this.#asked = false;
    void this.#leave();
  }

  /** Resolves once the file is free for the other engine. */
  #leave(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file) this.#leaving = leave(file);
    return this.#leaving;
  }
}

/**
 * Opens a file so that nothing is changed; in the place of one that is not there, an empty database in
 * memory. Beside a file in WAL mode, SQLite makes two more as soon as it reads it, unless it is told
 * that nobody writes: nobody does where there is no log.
 */
async function lookInto(engine: Engine, path: string): Promise<EngineDatabase> {
  if (!await isThere(path)) return engine.open(":memory:");
  return engine.look(path, { immutable: await isWalAtRest(path) });
}

async function leave({ session, lease }: OpenFile): Promise<void> {
  session.close();
  await lease.release();
}

async function openOn(
  name: EngineName,
  path: string,
  readOnly: boolean,
): Promise<EngineDatabase> {
  let engine: Engine;
  try {
    engine = await (engines[name] ??= name === "sqlite" ? loadSqlite() : loadNative());
  } catch (error) {
    throw permissionError(error) ?? new SessionError("ENGINE_MISSING");
  }
  try {
    return readOnly ? await lookInto(engine, path) : engine.open(path);
  } catch (error) {
    throw await cannotOpen(path, error);
  }
}
