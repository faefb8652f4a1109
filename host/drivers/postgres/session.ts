/**
 * One session with a server.
 *
 * - It is never replaced by another one: once lost, it is dead and says so.
 * - Every await ends: with the answer, with the error, when the socket closes, or at its deadline.
 *   The last two are its death.
 * - Every statement goes by the extended protocol, which takes one statement; only COPY cannot.
 * - Results and parameters are text: no type is guessed, no value converted.
 */
import { type Cell, PIECE_HEADROOM } from "../../codec/codec.ts";
import { Deadlines } from "../../platform/deadlines.ts";
import type { Answer, SqlSession, Statement } from "../sql/session.ts";
import type { Bulk } from "./bulk.ts";
import {
  type Client,
  type CopyWritable,
  createClient,
  isCopyWritable,
  openingStatement,
  Outcomes,
  type QueryResult,
} from "./client.ts";
import type { Target } from "./config.ts";
import { rolledBack } from "./failures.ts";
import { SessionError } from "./session_error.ts";
import { type ClientSocket, openSocket } from "./socket.ts";
import type { Place } from "./url.ts";

/** What a statement brought. */
export interface Result {
  /** Values as the server writes them, in the order of the select list. */
  readonly rows: (string | null)[][];
  /** Rows that the statement touched or returned, as the server says. */
  readonly count: number;
  /** The word that the server closes a statement with: `INSERT`, `COMMIT`, `ROLLBACK`. */
  readonly command: string;
}

/** How a statement is sent. */
export interface QueryOptions {
  /** Values of $1 and on, as text. */
  readonly parameters?: readonly (string | null)[];
  /** Keeps the statement prepared on the server: for those with parameters that come again. */
  readonly prepare?: boolean;
  /** Less than the session's own deadline. */
  readonly timeoutMs?: number;
}

/** Where a session is opened, and how. */
export interface OpenOptions {
  /** The target's first place by default. */
  readonly place?: Place;
  /** Whether TLS is asked for; by default unless the target disables it. */
  readonly encrypted?: boolean;
}

/** The data of a COPY, piece by piece, as the codec makes them. */
export interface CopyPieces {
  /** The next piece, with {@linkcode PIECE_HEADROOM} free bytes at its start; undefined at the end. */
  next(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Whether something is wrong with the data, so that no more of them are to be sent. */
  readonly failed: boolean;
}

/** A COPY … FROM STDIN that takes data. */
export interface CopyIn {
  /**
   * Sends all pieces, each one while the next is being made, and ends the COPY; one whose pieces
   * have failed is ended with nothing kept. Returns the rows that the server says it took.
   *
   * @throws the server's error, or {@linkcode SessionError}, with `COPY_FAILED` if the pieces have
   */
  send(pieces: CopyPieces): Promise<number>;
}

/**
 * How much longer we wait than the server. Its statement_timeout ends a statement and leaves the
 * session usable; our deadline ends the session, so it comes second.
 */
const GRACE_MS = 2_000;
const CLOSE_TIMEOUT_S = 2;
/** A probe that takes longer than this says that the database is not well. */
const PROBE_TIMEOUT_MS = 5_000;
const ROLLBACK_TIMEOUT_MS = 10_000;

/** One session with a server. */
export class Session implements SqlSession {
  readonly callBytes = 0;
  /** How it is to carry rows. */
  readonly bulk: Bulk;
  readonly #socket: ClientSocket;
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #open = new Set<Outcomes>();
  readonly #deadlines = new Deadlines();
  #alive = true;

  private constructor(socket: ClientSocket, target: Target) {
    this.bulk = target.bulk;
    this.#socket = socket;
    this.#timeoutMs = target.statementTimeoutMs + GRACE_MS;
    socket.once("close", () => this.#die("CONNECTION_CLOSED"));
    this.#client = createClient(socket, target);
  }

  /**
   * Connects to one place, authenticates and sets what correctness needs; see `open_session.ts`.
   *
   * @throws the server's error, or {@linkcode SessionError}
   */
  static async open(
    target: Target,
    { place = target.places[0], encrypted = target.tls !== "disable" }: OpenOptions = {},
  ): Promise<Session> {
    const { connectTimeoutMs: timeoutMs } = target;
    const deadline = performance.now() + timeoutMs;
    const session = new Session(await openSocket(place, { target, encrypted, timeoutMs }), target);
    try {
      const leftMs = Math.max(1, deadline - performance.now());
      await session.query(openingStatement(target), { timeoutMs: leftMs });
      return session;
    } catch (error) {
      await session.close();
      const late = error instanceof SessionError && error.code === "STATEMENT_TIMEOUT";
      throw late ? new SessionError("CONNECT_TIMEOUT") : error;
    }
  }

  get usable(): boolean {
    return this.#alive;
  }

  /** The isolation level is the one that the ledger was thought through for. */
  async begin(): Promise<void> {
    // Waited for: were it to fail, what follows would be committed each on its own.
    await this.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  }

  /** Where it is not known what became of the transaction, the session is closed. */
  async commit(): Promise<void> {
    try {
      // A transaction that failed before answers ROLLBACK, and without an error.
      const { command } = await this.query("COMMIT");
      if (command !== "COMMIT") throw new SessionError("COMMIT_REFUSED");
    } catch (error) {
      if (!rolledBack(error)) await this.close();
      throw error;
    }
  }

  /** Where it fails, the session is closed, which rolls back as well. */
  async rollback(): Promise<void> {
    if (!this.#alive) return;
    try {
      await this.query("ROLLBACK", { timeoutMs: ROLLBACK_TIMEOUT_MS });
    } catch {
      await this.close();
    }
  }

  async setUp(sql: string): Promise<void> {
    await this.query(sql);
  }

  async probe(sql: string): Promise<Cell> {
    return (await this.query(sql, { timeoutMs: PROBE_TIMEOUT_MS })).rows[0]?.[0] ?? null;
  }

  async run(sql: string, args: readonly Cell[] = []): Promise<number> {
    return (await this.#ask({ sql, args })).changes;
  }

  async all(sql: string, args: readonly Cell[] = []): Promise<(string | null)[][]> {
    return (await this.#ask({ sql, args })).rows;
  }

  /** All are sent at once: after a failure, the server refuses those that come after it. */
  async runAll(statements: readonly Statement[]): Promise<Answer[]> {
    const outcomes = await Promise.allSettled(statements.map((statement) => this.#ask(statement)));
    return outcomes.map((outcome, statement) => {
      if (outcome.status === "fulfilled") return outcome.value;
      throw Object.assign(outcome.reason as Error, { statement });
    });
  }

  async #ask({ sql, args, repeats: prepare = false }: Statement) {
    const { rows, count } = await this.query(sql, { parameters: args.map(cellText), prepare });
    return { changes: count, rows };
  }

  /**
   * Runs one statement. Those that are asked for without waiting in between travel together and
   * are answered in order.
   *
   * @throws the server's error, or {@linkcode SessionError}
   */
  async query(text: string, options: QueryOptions = {}): Promise<Result> {
    const outcomes = this.#send(text, [...options.parameters ?? []], {
      simple: false,
      prepare: options.prepare ?? false,
    });
    try {
      const result = await this.#next(outcomes, options.timeoutMs) as QueryResult;
      return { rows: Array.from(result), count: result.count ?? 0, command: result.command ?? "" };
    } finally {
      this.#open.delete(outcomes);
    }
  }

  /**
   * Starts a COPY … FROM STDIN; resolves once the server takes data. The text must be one
   * statement: this goes by the simple protocol, where several would be run. Nothing else may be
   * asked for until it has ended.
   *
   * @throws the server's error, or {@linkcode SessionError}
   */
  async copyIn(text: string): Promise<CopyIn> {
    const outcomes = this.#send(text, [], { simple: true, prepare: false });
    try {
      const stream = await this.#next(outcomes);
      if (isCopyWritable(stream)) return { send: (pieces) => this.#copy(stream, outcomes, pieces) };
      // Whatever it was, the library and the server need not agree on whose turn it is.
      this.#die("CONNECTION_CLOSED");
      throw new SessionError("NOT_A_COPY");
    } catch (error) {
      this.#open.delete(outcomes);
      throw error;
    }
  }

  /** Ends the session. Never throws, never hangs. */
  async close(): Promise<void> {
    if (this.#alive) await this.#client.end({ timeout: CLOSE_TIMEOUT_S }).catch(() => {});
    this.#die("CONNECTION_CLOSED");
  }

  async #copy(stream: CopyWritable, outcomes: Outcomes, pieces: CopyPieces): Promise<number> {
    const met = this.#deadlines.begin(this.#timeoutMs, this.#late);
    try {
      await this.#sendPieces(outcomes, pieces);
      if (pieces.failed) this.#socket.write(COPY_FAIL);
      // The server may have refused before it was sent anything: a statement trigger does.
      else if (!outcomes.arrived) stream.end();
      const result = await this.#next(outcomes) as QueryResult;
      return result.count ?? 0;
    } catch (error) {
      throw pieces.failed && this.#alive ? new SessionError("COPY_FAILED") : error;
    } finally {
      met();
      this.#open.delete(outcomes);
    }
  }

  /**
   * The library would copy each piece for the head of its message: they go to the socket past it. It
   * sends nothing by itself between a COPY's beginning and its end.
   */
  async #sendPieces(outcomes: Outcomes, pieces: CopyPieces): Promise<void> {
    let sent = Promise.resolve();
    for (;;) {
      const piece = await pieces.next();
      await sent;
      if (!piece || pieces.failed || outcomes.arrived || !this.#alive) return;
      sent = this.#write(asCopyData(piece));
    }
  }

  /** Resolves once the system has taken all of it, or the socket is gone. */
  #write(message: Uint8Array): Promise<void> {
    return new Promise((resolve) => void this.#socket.write(message, () => resolve()));
  }

  #send(
    text: string,
    parameters: unknown[],
    options: { simple: boolean; prepare: boolean },
  ): Outcomes {
    if (!this.#alive) throw new SessionError("CONNECTION_CLOSED");
    const outcomes = new Outcomes(this.#client.unsafe(text, parameters, options).values());
    this.#open.add(outcomes);
    outcomes.send();
    return outcomes;
  }

  async #next(outcomes: Outcomes, timeoutMs: number = this.#timeoutMs): Promise<unknown> {
    const met = this.#deadlines.begin(timeoutMs, this.#late);
    const outcome = await outcomes.next();
    met();
    if (outcome.kind === "error") throw outcome.error;
    return outcome.value;
  }

  readonly #late = (): void => this.#die("STATEMENT_TIMEOUT");

  /** Marks the session as gone and lets everybody know who waits for it. */
  #die(code: string): void {
    this.#alive = false;
    this.#socket.destroy();
    const open = [...this.#open];
    this.#open.clear();
    for (const outcomes of open) outcomes.put({ kind: "error", error: new SessionError(code) });
  }
}

/** See "Message Formats" in PostgreSQL's manual: CopyFail, its reason empty. */
const COPY_FAIL = Uint8Array.from([0x66, 0, 0, 0, 5, 0]);

/** Writes the head of a CopyData message into the room that a piece leaves for it. */
function asCopyData(piece: Uint8Array): Uint8Array {
  const length = piece.length - PIECE_HEADROOM + 4;
  piece[0] = 0x64;
  new DataView(piece.buffer, piece.byteOffset).setUint32(1, length);
  return piece;
}

/** A cell as the server reads it. `0` and `1` are booleans too. */
function cellText(cell: Cell): string | null {
  if (cell === null) return null;
  if (cell instanceof Uint8Array) return `\\x${cell.toHex()}`;
  // The one number that String() does not keep.
  if (Object.is(cell, -0)) return "-0";
  return String(cell);
}
