/** A session with a server, as the modules shared by all SQL databases know it. */
import type { Cell } from "../../codec/codec.ts";
import type { Answer, SqlSession, Statement } from "../sql/session.ts";
import type { Bulk } from "./bulk.ts";
import { rolledBack } from "./failures.ts";
import { type Session, SessionError } from "./session.ts";

/** A probe that takes longer than this says that the database is not well. */
const PROBE_TIMEOUT_MS = 5_000;
const ROLLBACK_TIMEOUT_MS = 10_000;

/** See the head of this file. Cells of an answer are texts as the server writes them. */
export class PostgresSession implements SqlSession {
  readonly callBytes = 0;
  /** The session itself. */
  readonly server: Session;

  /** How it is to carry rows. */
  readonly bulk: Bulk;

  /** Takes over an open session. */
  constructor(server: Session, bulk: Bulk) {
    this.server = server;
    this.bulk = bulk;
  }

  get usable(): boolean {
    return this.server.alive;
  }

  /** The isolation level is the one that the ledger was thought through for. */
  async begin(): Promise<void> {
    // Waited for: were it to fail, what follows would be committed each on its own.
    await this.server.query("BEGIN ISOLATION LEVEL READ COMMITTED");
  }

  /** Where it is not known what became of the transaction, the session is closed. */
  async commit(): Promise<void> {
    try {
      // A transaction that failed before answers ROLLBACK, and without an error.
      const { command } = await this.server.query("COMMIT");
      if (command !== "COMMIT") throw new SessionError("COMMIT_REFUSED");
    } catch (error) {
      if (!rolledBack(error)) await this.server.close();
      throw error;
    }
  }

  /** Where it fails, the session is closed, which rolls back as well. */
  async rollback(): Promise<void> {
    if (!this.server.alive) return;
    try {
      await this.server.query("ROLLBACK", { timeoutMs: ROLLBACK_TIMEOUT_MS });
    } catch {
      await this.server.close();
    }
  }

  async setUp(sql: string): Promise<void> {
    await this.server.query(sql);
  }

  async probe(sql: string): Promise<Cell> {
    const { rows } = await this.server.query(sql, { timeoutMs: PROBE_TIMEOUT_MS });
    return rows[0]?.[0] ?? null;
  }

  async run(sql: string, args: readonly Cell[] = []): Promise<number> {
    return (await this.server.query(sql, { parameters: args.map(cellText) })).count;
  }

  async all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
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

  async #ask({ sql, args, repeats = false }: Statement): Promise<Answer> {
    const options = { parameters: args.map(cellText), prepare: repeats };
    const { rows, count } = await this.server.query(sql, options);
    return { changes: count, rows: rows.map((row) => [...row]) };
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** A cell as the server reads it. `0` and `1` are booleans too. */
function cellText(cell: Cell): string | null {
  if (cell === null) return null;
  if (cell instanceof Uint8Array) return `\\x${cell.toHex()}`;
  // The one number that String() does not keep.
  if (Object.is(cell, -0)) return "-0";
  return String(cell);
}
