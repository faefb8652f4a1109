/** A session with a server, as the modules shared by all SQL databases know it. */
import type { Cell } from "../../codec/codec.ts";
import type { SqlSession, Statement } from "../sql/session.ts";
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

  /** Takes over an open session. */
  constructor(server: Session) {
    this.server = server;
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

  all(sql: string, args: readonly Cell[] = []): Promise<Cell[][]> {
    return this.ask({ sql, args });
  }

  async ask({ sql, args, repeats = false }: Statement): Promise<Cell[][]> {
    const options = { parameters: args.map(cellText), prepare: repeats };
    const { rows } = await this.server.query(sql, options);
    return rows.map((row) => [...row]);
  }

  /** The first statement is sent before this returns: what is asked for next travels with it. */
  async runAll(statements: readonly Statement[]): Promise<number[]> {
    const changes: number[] = [];
    for (const { sql, args, repeats = false } of statements) {
      try {
        const options = { parameters: args.map(cellText), prepare: repeats };
        changes.push((await this.server.query(sql, options)).count);
      } catch (error) {
        throw Object.assign(error as Error, { statement: changes.length });
      }
    }
    return changes;
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
