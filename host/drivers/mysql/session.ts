/**
 * Sessions with a MySQL or MariaDB server, on `mysql2`.
 *
 * Invariants
 * - No value is changed in silence: the mode is strict, and an INSERT that warns has failed.
 * - No call waits longer than `statementTimeoutMs`; one that did leaves the session unusable.
 * - COMMIT is sent only while the server says that a transaction is open: it answers OK to none, too.
 */
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import type { Connection } from "mysql2";
import { permissionError } from "../../../src/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Answer, SqlSession, Statement } from "../sql/session.ts";
import type { Bulk } from "./bulk.ts";
import { kindOf } from "./failures.ts";
import { withLiterals } from "./literal.ts";
import type { Server } from "./server.ts";
import { codeOf, namesIn, SessionError } from "./session_error.ts";

/** SERVER_STATUS_IN_TRANS of the protocol. */
const IN_TRANSACTION = 1;
/** Bytes of a LOAD DATA that are sent at once. */
const PACKET_BYTES = 512 * 1024;
/** What a session that is closed waits for its farewell. */
const CLOSE_MS_MAX = 1_000;
/** Warnings that say nothing of values: MySQL finds `VALUES()` in an upsert deprecated. */
const HARMLESS = new Set([1287, 1681]);

/** What the library answers to a statement without rows. */
interface Header {
  readonly affectedRows: number;
  /** `Records: 3  Duplicates: 1  Warnings: 0`, of statements of several rows. */
  readonly info?: string;
  readonly serverStatus: number;
  readonly warningStatus: number;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly connection: Connection;
  readonly statementTimeoutMs: number;
  readonly bulk: Bulk;
}

/** See the head of this file. */
export class MysqlSession implements SqlSession {
  readonly callBytes = 0;
  /** How rows are to travel. */
  readonly bulk: Bulk;
  readonly #connection: Connection;
  readonly #timeoutMs: number;
  #server: Server | undefined;
  #usable = true;
  /** Whether BEGIN was sent, and neither COMMIT nor ROLLBACK since. */
  #begun = false;
  #status = 0;

  /** Takes over a connection. */
  constructor({ connection, statementTimeoutMs, bulk }: SessionOptions) {
    this.bulk = bulk;
    this.#connection = connection;
    this.#timeoutMs = statementTimeoutMs;
    // An error without a listener ends the process.
    connection.on("error", () => void (this.#usable = false));
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** What the server is. */
  get server(): Server {
    return this.#server!;
  }

  /** Says what the server is, once that is known. */
  knows(server: Server): void {
    this.#server = server;
  }

  async begin(): Promise<void> {
    await this.#ask("START TRANSACTION");
    this.#begun = true;
  }

  async commit(): Promise<void> {
    if ((this.#status & IN_TRANSACTION) === 0) throw new SessionError("TRANSACTION_LOST");
    await this.#ask("COMMIT");
    this.#begun = false;
  }

  async rollback(): Promise<void> {
    if (!this.#begun || !this.#usable) return;
    this.#begun = false;
    try {
      await this.#ask("ROLLBACK");
    } catch {
      this.#end();
    }
  }

  async setUp(sql: string): Promise<void> {
    await this.#ask(sql);
  }

  async probe(sql: string): Promise<Cell> {
    return (await this.all(sql))[0]?.[0] ?? null;
  }

  async run(sql: string, args: readonly Cell[] = []): Promise<number> {
    return (await this.#answer({ sql, args }, 0)).changes;
  }

  async all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
    return (await this.#answer({ sql, args }, 0)).rows;
  }

  async runAll(statements: readonly Statement[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const [i, statement] of statements.entries()) {
      answers.push(await this.#answer(statement, i));
    }
    return answers;
  }

  /** Runs a LOAD DATA LOCAL; how many rows it took as they are, or undefined where it took others. */
  async load(sql: string, pieces: Iterator<Uint8Array>): Promise<number | undefined> {
    const { info = "", affectedRows } = await this.#ask(sql, { pieces }) as Header;
    const [records, ...others] = [...info.matchAll(/: (\d+)/g)].map(([, count]) => Number(count));
    // Of those that were deleted, skipped and warned of.
    return others.length === 3 && others.every((count) => count === 0) && records === affectedRows
      ? records
      : undefined;
  }

  async close(): Promise<void> {
    if (this.#usable) {
      const ended = new Promise<void>((resolve) => this.#connection.end(() => resolve()));
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_MS_MAX));
      await Promise.race([ended, late]);
      clearTimeout(timer);
    }
    this.#end();
  }

  #end(): void {
    this.#usable = false;
    this.#connection.destroy();
  }

  async #answer(asked: Statement, statement: number): Promise<Answer> {
    const { sql } = asked;
    const text = withLiterals(asked, statement);
    const inserts = /^\s*INSERT\b/i.test(sql);
    const answer = await this.#ask(text, { statement, inserts });
    if (Array.isArray(answer)) return { changes: 0, rows: answer };
    const ignores = /^\s*INSERT\s+IGNORE\b/i.test(sql);
    if (inserts && !ignores && answer.warningStatus > 0) await this.#warned(statement);
    return { changes: inserts && !ignores ? taken(answer) : answer.affectedRows, rows: [] };
  }

  /** Sends one statement. @throws {SessionError} */
  async #ask(
    sql: string,
    { statement = 0, inserts = false, pieces }: {
      statement?: number;
      inserts?: boolean;
      pieces?: Iterator<Uint8Array>;
    } = {},
  ): Promise<Header | Cell[][]> {
    if (!this.#usable) throw new SessionError("PROTOCOL_CONNECTION_LOST", { statement });
    this.#checkLength(sql, statement);
    try {
      const answer = await this.#query(sql, pieces);
      if (!Array.isArray(answer)) this.#status = answer.serverStatus;
      return answer;
    } catch (error) {
      const failure = await this.#failure(error, statement, inserts);
      const kind = kindOf(failure.code);
      if (kind === "connection" || kind === "timeout") this.#end();
      throw failure;
    }
  }

  /** A server hangs up on a packet that is too large. */
  #checkLength(sql: string, statement: number): void {
    const max = (this.#server?.packetBytesMax ?? Infinity) - 16;
    // A UTF-16 unit is three bytes at the most.
    if (sql.length * 3 <= max || new TextEncoder().encode(sql).length <= max) return;
    throw new SessionError("PACKET_TOO_LARGE", { statement });
  }

  #query(sql: string, pieces?: Iterator<Uint8Array>): Promise<Header | Cell[][]> {
    const infile = pieces ? { infileStreamFactory: () => this.#streamOf(pieces) } : {};
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new SessionError("STATEMENT_TIMEOUT")),
        this.#timeoutMs,
      );
      this.#connection.query({ sql, rowsAsArray: true, ...infile }, (error, answer) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(answer as unknown as Header | Cell[][]);
      });
    });
  }

  /** A piece is another one's by the time that the next but one is asked for: one is read at a time. */
  #streamOf(pieces: Iterator<Uint8Array>): Readable {
    const bytesMax = Math.min(PACKET_BYTES, this.server.packetBytesMax - 16);
    let piece: Uint8Array = new Uint8Array(0);
    return new Readable({
      highWaterMark: 1,
      read() {
        if (piece.length === 0) piece = pieces.next().value ?? piece;
        const { buffer, byteOffset, length } = piece.subarray(0, bytesMax);
        piece = piece.subarray(length);
        this.push(length === 0 ? null : Buffer.from(buffer as ArrayBuffer, byteOffset, length));
      },
    });
  }

  /** What an INSERT warns of is what it has changed. @throws {SessionError} */
  async #warned(statement: number): Promise<void> {
    const warnings = await this.#ask("SHOW WARNINGS") as Cell[][];
    const [, code, message] = warnings.find(([, code]) => !HARMLESS.has(Number(code))) ?? [];
    if (code === undefined) return;
    const changed = Number(code) === 1265 ? "WARN_DATA_TRUNCATED" : `WARNING_${code}`;
    throw new SessionError(changed, { ...namesIn(String(message)), statement });
  }

  async #failure(error: unknown, statement: number, inserts: boolean): Promise<SessionError> {
    if (error instanceof SessionError) return error;
    const denied = permissionError(error);
    if (denied) throw denied;
    const told = error as { code?: unknown; errno?: number; sqlMessage?: string };
    const { sqlMessage = "" } = told;
    const names = namesIn(sqlMessage);
    const known = codeOf(told, this.#server?.isMariaDb ?? false);
    const kind = kindOf(known);
    const row = inserts && (kind === "data" || kind === "integrity")
      ? await this.#rowOfError() ?? names.row
      : undefined;
    return new SessionError(known, { ...names, statement, row });
  }

  /** MariaDB counts the rows of a statement from 1, and says 0 where it knows none. */
  async #rowOfError(): Promise<number | undefined> {
    if (!this.#server?.namesRows) return undefined;
    await this.#ask("GET DIAGNOSTICS CONDITION 1 @_snakepipe_row = ROW_NUMBER");
    const [found] = await this.#ask("SELECT @_snakepipe_row") as Cell[][];
    const row = Number(found?.[0] ?? 0);
    return row > 0 ? row - 1 : undefined;
  }
}

/**
 * Rows that an INSERT took. Of one with ON DUPLICATE KEY UPDATE, a row counts once, twice or not at
 * all: the number that was sent stands in `info`, but for a single row.
 */
function taken({ info = "" }: Header): number {
  return Number(/^Records: (\d+)/.exec(info)?.[1] ?? 1);
}
