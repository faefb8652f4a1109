/**
 * Sessions with a libSQL server, on `@libsql/client`. The server keeps nothing between
 * transactions: outside of one, every statement is a session of its own.
 *
 * Invariants
 * - No call waits longer than `requestTimeoutMs`; one that did leaves the session unusable.
 * - Only one statement stands in one text: the client would leave out the rest in silence.
 */
import type { Client, ResultSet, Transaction } from "@libsql/client/web";
import { permissionError } from "../../../src/model/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Answer, Statement } from "../sql/session.ts";
import { checkBindable, constraintColumns, type Session, SessionError } from "./session.ts";
import { endpointOf, type Target } from "./config.ts";
import { kindOf, notConnected } from "./failures.ts";
import { nearerReason } from "./unreachable.ts";

/** What a session that is closed in a transaction waits for its end. */
const ROLLBACK_MS_MAX = 2_000;

/**
 * Opens a session and asks the server for a first answer.
 *
 * @throws {LoadError} the failure of the first answer
 */
export async function openRemote(target: Target & { kind: "server" }): Promise<Session> {
  // Loaded when first used: a host without libSQL backends needs no client. The other entry of the
  // package would load native code too, for files.
  const { createClient } = await import("@libsql/client/web");
  const stop = new AbortController();
  const client = createClient({
    url: target.url,
    intMode: "bigint",
    fetch: (request: Request) => fetch(request, { signal: stop.signal }),
    ...(target.authToken ? { authToken: target.authToken.reveal() } : {}),
  });
  const session = new RemoteSession(client, stop, target.requestTimeoutMs);
  try {
    await session.all("SELECT 1");
  } catch (error) {
    await session.close();
    throw notConnected(await nearerReason(error, target.url), endpointOf(target));
  }
  return session;
}

/**
 * Records whose statements go in one request. As JSON they are about twice as long, and what stands
 * before a server often takes no more than a few MB.
 */
const CALL_BYTES = 1024 * 1024;

class RemoteSession implements Session {
  readonly lasting = false;
  readonly callBytes = CALL_BYTES;
  readonly prefersNumbers = false;
  readonly #client: Client;
  readonly #stop: AbortController;
  readonly #requestTimeoutMs: number;
  #transaction: Transaction | undefined;
  #usable = true;

  constructor(client: Client, stop: AbortController, requestTimeoutMs: number) {
    this.#client = client;
    this.#stop = stop;
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** The client sends BEGIN IMMEDIATE with the first statement, in one request. */
  async begin(): Promise<void> {
    this.#transaction = await this.#ask(() => this.#client.transaction("write"));
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    if (!transaction || !this.#usable) throw new SessionError("COMMIT_NOT_SENT");
    await this.#ask(() => transaction.commit());
  }

  async rollback(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    if (!transaction || transaction.closed || !this.#usable) return;
    try {
      await this.#ask(() => transaction.rollback());
    } catch {
      this.#usable = false;
    }
  }

  /** A server keeps no session between two calls, so there is nothing to set up. */
  async setUp(): Promise<void> {}

  async probe(sql: string): Promise<Cell> {
    return (await this.all(sql))[0]?.[0] ?? null;
  }

  async run(sql: string, args: readonly Cell[] = []): Promise<number> {
    return (await this.#execute(sql, args)).rowsAffected;
  }

  async all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
    return rowsOf(await this.#execute(sql, args));
  }

  /** In one request: the server goes on to the next statement only where the one before succeeded. */
  async runAll(statements: readonly Statement[]): Promise<Answer[]> {
    const transaction = this.#transaction;
    // Outside of a transaction nothing may be sent: it would be committed at once.
    if (!transaction) throw new SessionError("HRANA_CLOSED_ERROR");
    const batch = statements.map(({ sql, args }, i) => {
      checkFinite(args, i);
      return { sql, args: args as Cell[] };
    });
    const results = await this.#ask(() => transaction.batch(batch));
    return results.map((result) => ({ changes: result.rowsAffected, rows: rowsOf(result) }));
  }

  async close(): Promise<void> {
    const transaction = this.#transaction;
    // From here on nothing is sent: outside of the transaction it would be committed at once.
    this.#usable = false;
    this.#transaction = undefined;
    if (transaction && !transaction.closed) {
      // A transaction that is left to itself keeps the server's write lock until it expires.
      await within(transaction.rollback(), ROLLBACK_MS_MAX).catch(() => {});
    }
    this.#end();
  }

  #end(): void {
    this.#usable = false;
    this.#transaction = undefined;
    this.#client.close();
    this.#stop.abort();
  }

  #execute(sql: string, args: readonly Cell[]): ReturnType<Transaction["execute"]> {
    checkBindable(args);
    checkFinite(args, 0);
    const statement = { sql, args: args as Cell[] };
    return this.#ask(() => (this.#transaction ?? this.#client).execute(statement));
  }

  async #ask<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#usable) throw new SessionError("HRANA_CLOSED_ERROR");
    try {
      return await within(call(), this.#requestTimeoutMs);
    } catch (error) {
      const denied = permissionError(error);
      if (denied) throw denied;
      const failure = sessionError(error);
      const kind = kindOf(failure.code);
      if (kind === "connection" || kind === "timeout") this.#end();
      throw failure;
    }
  }
}

function rowsOf({ rows, columns }: ResultSet): Cell[][] {
  return rows.map((row) =>
    columns.map((_, i) => {
      const value = row[i] ?? null;
      return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    })
  );
}

/** The protocol cannot carry what is infinite. */
function checkFinite(args: readonly Cell[], statement: number): void {
  if (args.includes(Infinity) || args.includes(-Infinity)) {
    throw new SessionError("VALUE_NOT_FINITE", { statement });
  }
}

/** The client throws its own error, or whatever `fetch` and JSON have thrown. */
function sessionError(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  const { code, cause, message, statementIndex } = error as {
    code?: unknown;
    message?: string;
    statementIndex?: number;
    cause?: { status?: unknown; cause?: { status?: unknown } };
  };
  // Of a stream that an earlier answer has closed, that answer is the cause's cause.
  const status = cause?.status ?? cause?.cause?.status;
  if (code === "SERVER_ERROR" && typeof status === "number") {
    return new SessionError(`HTTP_${status}`);
  }
  if (typeof code === "string") {
    const columns = constraintColumns(code, message ?? "");
    return new SessionError(code, { columns, statement: statementIndex ?? 0 });
  }
  if (error instanceof SyntaxError) return new SessionError("HRANA_PROTO_ERROR");
  return new SessionError("ENETWORK");
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SessionError("ETIMEDOUT")), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
