/**
 * A connection that may be asked for the next thing before the last one is done: calls take their turn
 * in the order in which they came, and a batch is made ready while the one before it is being written.
 */
import type {
  BatchKey,
  KeepRejects,
  LiveTable,
  LoadTotals,
  WriteResult,
} from "../../src/model/backend.ts";
import type { Batch, BatchRange, TableName } from "../../src/model/batch.ts";
import { after } from "../../src/model/timer.ts";
import type {
  BatchAnswer,
  BatchOrder,
  Connection,
  LoadOrder,
  LoadRecord,
  PreparedBatch,
  PreparedLoad,
  ProbeAnswer,
  RangeResult,
} from "../drivers/driver.ts";

/** The code of a batch that was returned unwritten. */
export const NOT_BEGUN = "NOT_BEGUN";

/** How long what is under way may take before the connection is closed over it. */
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * A connection that may be asked for the next thing before the last one is done: calls take their
 * turn in the order in which they came, and a batch is made ready while the one before it is being
 * written.
 */
export class OrderedConnection implements Connection {
  readonly #connection: Connection;
  #turn: Promise<unknown> = Promise.resolve();
  /** The batch that was written last, where nothing has failed since. */
  #written: number | undefined;
  #closed: Promise<void> | undefined;

  /** Takes over the connection. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get usable(): boolean {
    return this.#connection.usable && !this.#closed;
  }

  run(statements: readonly string[]): Promise<void> {
    return this.#next((connection) => connection.run(statements));
  }

  probe(statement: string): Promise<ProbeAnswer> {
    return this.#next((connection) => connection.probe(statement));
  }

  describeTable(table: TableName): Promise<LiveTable | undefined> {
    return this.#next((connection) => connection.describeTable(table));
  }

  prepareLoad(order: LoadOrder): Promise<PreparedLoad> {
    return this.#next((connection) => connection.prepareLoad(order));
  }

  joinLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    return this.#next((connection) => connection.joinLoad(order, record));
  }

  readMarks(
    order: LoadOrder,
    record: LoadRecord,
    batch: BatchKey,
  ): Promise<Uint8Array | undefined> {
    return this.#next((connection) => connection.readMarks(order, record, batch));
  }

  writeBatch(batch: Batch, order: BatchOrder, keep: KeepRejects): Promise<BatchAnswer> {
    const write = this.#prepared(batch, order);
    return this.#next(async () => {
      if (this.#overtakes(order)) return { result: notBegun(batch.sequence), batch };
      const answer = await write(keep);
      if (answer.result.kind === "written") this.#written = batch.sequence;
      return answer;
    });
  }

  streams(): Promise<boolean> {
    return this.#next((connection) => connection.streams?.() ?? Promise.resolve(false));
  }

  writeRange(
    range: BatchRange,
    order: Pick<BatchOrder, "follows">,
  ): Promise<RangeResult> {
    return this.#next(async (connection) => {
      if (this.#overtakes(order)) return notBegun(range.sequence);
      const result = await connection.writeRange!(range, order);
      if (result.kind === "written") this.#written = range.sequence;
      return result;
    });
  }

  finishLoad(order: LoadOrder, record: LoadRecord, totals: LoadTotals): Promise<void> {
    return this.#next((connection) => connection.finishLoad(order, record, totals));
  }

  abandonLoad(order: LoadOrder, record: LoadRecord): Promise<void> {
    return this.#next((connection) => connection.abandonLoad(order, record));
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = after(CLOSE_TIMEOUT_MS, late.resolve);
    await Promise.race([this.#turn, late.promise]);
    cancel();
    await this.#connection.close();
  }

  /** Whether what it is to follow was not written. */
  #overtakes({ follows }: Pick<BatchOrder, "follows">): boolean {
    const overtakes = follows !== undefined && follows !== this.#written;
    this.#written = undefined;
    return overtakes;
  }

  #prepared(batch: Batch, order: BatchOrder): PreparedBatch {
    const connection = this.#connection;
    try {
      return connection.prepareBatch?.(batch, order) ??
        ((keep) => connection.writeBatch(batch, order, keep));
    } catch (error) {
      // It is thrown to the sender of the batch, when its turn comes.
      return () => Promise.reject(error);
    }
  }

  #next<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => work(this.#connection));
    this.#turn = result.catch(() => {});
    return result;
  }
}

/** What becomes of a batch that would overtake one which was not written. */
export function notBegun(sequence: number): Extract<WriteResult, { kind: "retry" }> {
  const message = `Batch ${sequence} was not begun, since an earlier one was not written`;
  return {
    kind: "retry",
    failure: { kind: "unavailable", code: NOT_BEGUN, message },
    afterMs: 0,
  };
}
