/**
 * Sessions with a file. All of this process share its engine: the library keeps one for each file.
 *
 * Invariant: a transaction in which anything failed is never committed. DuckDB says OK to that COMMIT,
 * and rolls back.
 */
import {
  BLOB,
  blobValue,
  DOUBLE,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  HUGEINT,
  SQLNULL,
  VARCHAR,
} from "@duckdb/node-api";
import { permissionError } from "../../../src/model/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import type { ConnectOptions } from "../driver.ts";
import { SessionError } from "../sql/failures.ts";
import { type Answer, type SqlSession, type Statement, StatementSession } from "../sql/session.ts";
import type { Bulk, Target } from "./config.ts";
import { duckError } from "./failures.ts";
import { registerScans } from "./row_scan.ts";
import { isThere } from "../../platform/is_there.ts";

/** Settings of an engine by which nothing is read or written but its file, and no code is loaded. */
export const SAFE = {
  enable_external_access: "false",
  autoload_known_extensions: "false",
  autoinstall_known_extensions: "false",
  allow_community_extensions: "false",
};

/** Opens a session. @throws {SessionError}, {LoadError} */
export async function openSession(
  target: Target,
  { readOnly = false }: Pick<ConnectOptions, "readOnly"> = {},
): Promise<DuckSession> {
  const { path, threads, memoryMegabytes } = target;
  let instance: DuckDBInstance | undefined;
  try {
    instance = readOnly ? await lookInto(path) : await DuckDBInstance.fromCache(path, SAFE);
    const connection = await instance.connect();
    registerScans(connection);
    const session = new DuckSession(instance, connection, target);
    // Every checkpoint writes the last of a table's row groups again: at 16 MiB, that is with each batch.
    await session.setUp("SET GLOBAL wal_autocheckpoint = '256MiB'");
    await session.setUp(`SET GLOBAL threads = ${threads}`);
    if (memoryMegabytes !== undefined) {
      await session.setUp(`SET GLOBAL memory_limit = '${memoryMegabytes}MiB'`);
    }
    return session;
  } catch (error) {
    instance?.closeSync();
    throw permissionError(error) ?? duckError(error);
  }
}

/** A file that is not changed; in the place of one that is not there, an empty database in memory. */
async function lookInto(path: string): Promise<DuckDBInstance> {
  return await isThere(path)
    ? await DuckDBInstance.create(path, { ...SAFE, access_mode: "READ_ONLY" })
    : await DuckDBInstance.create(":memory:", SAFE);
}

/** Sessions with a file. */
export class DuckSession extends StatementSession implements SqlSession {
  /** A call costs what it takes to bind its values. */
  readonly callBytes = 0;
  readonly bulk: Bulk;
  /** Of the engine that has the file open: its catalogue counts again each time that it opens it. */
  readonly engine: string;
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #state: "idle" | "open" | "failed" | "closed" = "idle";
  #usable = true;

  /** Takes over the connection. */
  constructor(instance: DuckDBInstance, connection: DuckDBConnection, { bulk, path }: Target) {
    super();
    this.#path = path;
    this.#instance = instance;
    this.#connection = connection;
    this.bulk = bulk;
    const engine = engines.get(path) ?? { id: crypto.randomUUID(), sessions: 0 };
    engine.sessions++;
    engines.set(path, engine);
    this.engine = engine.id;
  }

  get usable(): boolean {
    return this.#usable;
  }

  async begin(): Promise<void> {
    await this.run("BEGIN");
    this.#state = "open";
  }

  async commit(): Promise<void> {
    if (this.#state !== "open") throw new SessionError("ABORTED");
    await this.run("COMMIT");
    this.#state = "idle";
  }

  async rollback(): Promise<void> {
    if (this.#state !== "open" && this.#state !== "failed") return;
    this.#state = "idle";
    try {
      await this.#connection.run("ROLLBACK");
    } catch {
      // A COMMIT that was refused has ended the transaction already.
      this.#usable = await this.#isIdle();
    }
  }

  async runAll(statements: readonly Statement[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const [i, { sql, args }] of statements.entries()) {
      answers.push(
        await this.attempt(async () => {
          const values = args.map(bound);
          const types = values.map(typeOf);
          const reader = await this.#connection.runAndReadAll(sql, values, types);
          return {
            changes: reader.rowsChanged,
            rows: reader.getRows().map((row) => row.map(cellOf)),
          };
        }, i),
      );
    }
    return answers;
  }

  /** Works with the connection itself; what fails is a {@linkcode SessionError}. */
  async attempt<T>(
    work: (connection: DuckDBConnection) => Promise<T> | T,
    statement = 0,
  ): Promise<T> {
    try {
      if (this.#state === "closed") throw new SessionError("CLOSED");
      return await work(this.#connection);
    } catch (error) {
      if (this.#state === "open") this.#state = "failed";
      const failure = duckError(error, statement);
      // The engine takes nothing more, from anybody.
      if (failure.code === "FATAL" || failure.code === "INTERNAL") this.#usable = false;
      throw failure;
    }
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    await this.rollback();
    this.#state = "closed";
    this.#usable = false;
    if (--engines.get(this.#path)!.sessions === 0) {
      engines.delete(this.#path);
      // Others of this process may have the engine too.
      await this.#connection.run("RESET GLOBAL threads").catch(() => {});
    }
    // What the engine would else do in this thread as it ends. Where another session is at work, it fails.
    await this.#connection.run("CHECKPOINT").catch(() => {});
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #isIdle(): Promise<boolean> {
    try {
      await this.#connection.run("BEGIN");
      await this.#connection.run("ROLLBACK");
      return true;
    } catch {
      return false;
    }
  }
}

/** Engines that sessions of ours have open, by their files. */
const engines = new Map<string, { readonly id: string; sessions: number }>();

/** A cell as the library binds it. */
export function bound(cell: Cell): DuckDBValue {
  return cell instanceof Uint8Array ? blobValue(cell) : cell;
}

/** Of a number without a fraction, the library would make an integer, also beyond its range. */
function typeOf(value: DuckDBValue): DuckDBType {
  switch (typeof value) {
    case "number":
      return DOUBLE;
    case "bigint":
      return HUGEINT;
    case "string":
      return VARCHAR;
    default:
      return value === null ? SQLNULL : BLOB;
  }
}

function cellOf(value: DuckDBValue): Cell {
  switch (typeof value) {
    case "boolean":
      return value ? 1n : 0n;
    case "bigint":
    case "number":
    case "string":
      return value;
    default:
      if (value === null) return null;
      return "bytes" in value ? value.bytes as Uint8Array : String(value);
  }
}
