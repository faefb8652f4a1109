/**
 * Sessions with a MySQL or MariaDB server, on `mysql2`.
 *
 * Invariants
 * - No value is changed in silence: the mode is strict, and an INSERT that warns has failed.
 * - No call waits longer than `statementTimeoutMs`; one that did leaves the session unusable.
 * - COMMIT is sent only while the server says that a transaction is open: it answers OK to none, too.
 */
import { Readable, type Writable } from "node:stream";
import type { Connection } from "mysql2";
import { permissionError } from "../../../src/model/errors.ts";
import { type Cell, PIECE_HEADROOM } from "../../codec/codec.ts";
import { SessionError } from "../sql/failures.ts";
import { isOfRows } from "../sql/family.ts";
import { type Answer, type SqlSession, type Statement, StatementSession } from "../sql/session.ts";
import type { Bulk } from "./bulk.ts";
import { MYSQL_FAILURES } from "./failures.ts";
import { withLiterals } from "./literal.ts";
import type { Server } from "./server.ts";
import { codeOf, namesIn } from "./server_error.ts";

/** SERVER_STATUS_IN_TRANS of the protocol. */
const IN_TRANSACTION = 1;
/** Bytes of a packet's head: its length, and its number; see "MySQL Packets" in the manual. */
const PACKET_HEAD = 4;
/** Bytes behind it. */
const PACKET_BYTES_MAX = 2 ** 24 - 2;
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

/** What the library has, but for a type: the socket, or TLS on it. */
type Client = Connection & { readonly stream: Writable };

/** What a session is made of. */
export interface SessionOptions {
  readonly connection: Connection;
  readonly statementTimeoutMs: number;
  readonly bulk: Bulk;
}

/** Sessions with a MySQL or MariaDB server, on `mysql2`. */
export class MysqlSession extends StatementSession implements SqlSession {
  readonly callBytes = 0;
  /** How rows are to travel. */
  readonly bulk: Bulk;
  readonly #connection: Client;
  readonly #timeoutMs: number;
  /** What the server is, once that is known. */
  server!: Server;
  #usable = true;
  /** Whether BEGIN was sent, and neither COMMIT nor ROLLBACK since. */
  #begun = false;
  #status = 0;

  /** Takes over a connection. */
  constructor({ connection, statementTimeoutMs, bulk }: SessionOptions) {
    super();
    this.bulk = bulk;
    this.#connection = connection as Client;
    this.#timeoutMs = statementTimeoutMs;
    // An error without a listener ends the process.
    connection.on("error", () => void (this.#usable = false));
  }

  get statementBytesMax(): number {
    return (this.server?.packetBytesMax ?? Infinity) - 16;
  }

  get usable(): boolean {
    return this.#usable;
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

  async runAll(statements: readonly Statement[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const [i, statement] of statements.entries()) {
      answers.push(await this.#answer(statement, i));
    }
    return answers;
  }

  /**
   * Runs a LOAD DATA LOCAL; how many rows it took as they are, or undefined where it took others. Pieces
   * have room at their start, and are ours until the next but one is asked for.
   */
  async load(sql: string, pieces: Iterable<Uint8Array>): Promise<number | undefined> {
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
      pieces?: Iterable<Uint8Array>;
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
      const kind = MYSQL_FAILURES.kindOf(failure);
      if (kind === "connection" || kind === "timeout") this.#end();
      throw failure;
    }
  }

  /** A server hangs up on a packet that is too large. */
  #checkLength(sql: string, statement: number): void {
    const max = this.statementBytesMax;
    // A UTF-16 unit is three bytes at the most.
    if (sql.length * 3 <= max || new TextEncoder().encode(sql).length <= max) return;
    throw new SessionError("PACKET_TOO_LARGE", { statement });
  }

  #query(sql: string, pieces?: Iterable<Uint8Array>): Promise<Header | Cell[][]> {
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

  /**
   * What the library reads a file from: it ends once the pieces are sent, which is done here. The
   * library would copy each of them, and take all of them before the first is on its way.
   */
  #streamOf(pieces: Iterable<Uint8Array>): Readable {
    const stream = new Readable({ read() {} });
    this.#send(pieces).then(() => stream.push(null), (error) => stream.destroy(error));
    return stream;
  }

  /** Sends pieces as packets, each while the next one is made. */
  async #send(pieces: Iterable<Uint8Array>): Promise<void> {
    let sent = Promise.resolve();
    for (const piece of pieces) {
      await sent;
      if (!this.#usable) return;
      sent = this.#sendPiece(piece);
    }
    await sent;
  }

  /** Writes the head of each packet over bytes that are sent already, or into the room before the rows. */
  async #sendPiece(piece: Uint8Array): Promise<void> {
    const bytesMax = Math.min(PACKET_BYTES_MAX, this.statementBytesMax);
    for (let at = PIECE_HEADROOM; at < piece.length; at += bytesMax) {
      const packet = piece.subarray(at - PACKET_HEAD, at + bytesMax);
      const length = packet.length - PACKET_HEAD;
      packet.set([length, length >> 8, length >> 16, this.#connection.sequenceId]);
      this.#connection.sequenceId = (this.#connection.sequenceId + 1) % 256;
      await new Promise<void>((resolve) => this.#connection.stream.write(packet, () => resolve()));
    }
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
    const known = codeOf(told, this.server?.isMariaDb ?? false);
    const failure = new SessionError(known, { ...names, statement, row: undefined });
    if (!inserts || !isOfRows(MYSQL_FAILURES.kindOf(failure))) return failure;
    return Object.assign(failure, { row: await this.#rowOfError() ?? names.row });
  }

  /** MariaDB counts the rows of a statement from 1, and says 0 where it knows none. */
  async #rowOfError(): Promise<number | undefined> {
    if (!this.server?.namesRows) return undefined;
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
