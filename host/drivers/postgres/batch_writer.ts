/**
 * Writes batches of one load: ledger row, rows and merge of each in one transaction.
 *
 * - Where rows cannot be encoded, they are named and nothing is kept; of a COPY, nothing is sent.
 * - The ledger row goes first: where the batch is in already, it fails before a row is sent.
 * - Every count is checked before COMMIT, and COMMIT must be answered by COMMIT.
 */
import type { WriteResult } from "../../../src/backend.ts";
import { type Batch, lineOfRow, type RejectedRow, rowCount } from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import type { CellReader, Codec } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { copyFault } from "./copy.ts";
import { asideName, CELL_RULES, render, renderCopy, slotNames, STAGING_NAME } from "./dialect.ts";
import {
  classify,
  classifyCommit,
  type FailureContext,
  isDatabaseError,
  serverErrorOf,
} from "./failures.ts";
import { type PreparedInsert, prepareInsert } from "./insert.ts";
import { BATCH_TABLE, insertBatch, updateBatch } from "./ledger.ts";
import { type Session, SessionError } from "./session.ts";
import { sqlstateLabel } from "./sqlstate.ts";
import { BEGIN, commit, CommitError, rollback } from "./transaction.ts";

/** How long to wait before the same batch is tried again. */
const RETRY_MS = { conflict: 100, otherwise: 1_000 };

/** What a writer is made of. */
export interface BatchWriterOptions {
  readonly codec: Codec;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  /** The schema of the target and of the host's own tables. */
  readonly schema: string;
  readonly endpoint: string;
}

/** The rows of a batch, ready to send. */
interface Payload {
  /** Sends them once the ledger row is in; returns how many the server says it took. */
  send(ledger: Promise<unknown>): Promise<number>;
  /** Of a COPY: its rows, and which rows of the batch they are. */
  readonly copy?: { readonly rows: number; readonly rowOf: Uint32Array | undefined };
}

/** Rows that the codec refused while others were on their way already. */
class RowsRejected extends Error {
  readonly rows: readonly RejectedRow[];

  constructor(rows: readonly RejectedRow[]) {
    super("Rows were rejected");
    this.rows = rows;
  }
}

/** See the head of this file. */
export class BatchWriter {
  readonly #session: Session;
  readonly #options: BatchWriterOptions;
  readonly #write:
    | { readonly kind: "copy"; readonly sql: string; readonly ordinal: boolean }
    | { readonly kind: "insert"; readonly insert: PreparedInsert };
  readonly #merge: readonly string[];

  /** @throws {LoadError} `plan_refused` where a slot stands where it has no meaning */
  constructor(session: Session, options: BatchWriterOptions) {
    const { shape, plan } = options.order;
    const names = slotNames(shape, options.schema);
    const write: PlannedWrite = plan.write;
    this.#session = session;
    this.#options = options;
    this.#merge = render(plan.merge, names);
    this.#write = write.kind === "copy"
      ? { kind: "copy", sql: renderCopy(write.sql, names), ordinal: write.ordinal }
      : { kind: "insert", insert: prepareInsert(write, names) };
  }

  /** Writes one batch. What the database objects to is a value. */
  async write(batch: Batch): Promise<WriteResult> {
    const started = performance.now();
    const contentHash = this.#options.codec.contentHash(batch);
    const payload = this.#encode(batch);
    if (Array.isArray(payload)) return { kind: "reject", rows: payload };
    try {
      const counts = await this.#transact(batch, { payload, contentHash });
      const milliseconds = performance.now() - started;
      return { kind: "written", counts, contentHash, milliseconds };
    } catch (error) {
      return this.#outcome(batch, { payload, error });
    }
  }

  /** The batch, encoded, or the rows that cannot be. */
  #encode(batch: Batch): Payload | RejectedRow[] {
    const { codec } = this.#options;
    const write = this.#write;
    if (write.kind === "copy") {
      const { ordinal } = write;
      const encoded = codec.copyText(batch, { ordinal, rules: CELL_RULES });
      if (encoded.rejects.length > 0) return [...encoded.rejects];
      return {
        copy: { rows: encoded.rows, rowOf: encoded.rowOf },
        send: (ledger) => this.#copy(write.sql, encoded.bytes, ledger),
      };
    }
    const { insert } = write;
    return { send: (ledger) => this.#insert(insert, codec.cells(batch, CELL_RULES), ledger) };
  }

  /** The ledger row and the COPY's beginning travel together: where the first fails, both do. */
  async #copy(sql: string, bytes: Uint8Array, ledger: Promise<unknown>): Promise<number> {
    const [entered, copy] = await Promise.allSettled([ledger, this.#session.copyIn(sql)]);
    if (entered.status === "rejected") throw entered.reason;
    if (copy.status === "rejected") throw copy.reason;
    return await copy.value.send(bytes);
  }

  async #insert(
    insert: PreparedInsert,
    cells: CellReader,
    ledger: Promise<unknown>,
  ): Promise<number> {
    await ledger;
    let count = 0;
    for (const { text, parameters } of insert.statements(cells)) {
      count += (await this.#session.query(text, { parameters })).count;
    }
    if (cells.rejects.length > 0) throw new RowsRejected(cells.rejects);
    return count;
  }

  async #transact(
    batch: Batch,
    { payload, contentHash }: { payload: Payload; contentHash: string },
  ): Promise<{ read: number; committed: number; superseded: number; rejected: number }> {
    const { order, record, schema } = this.#options;
    const session = this.#session;
    const read = rowCount(batch);
    // Waited for: were it to fail, what follows would be committed each on its own.
    await session.query(BEGIN);
    const entry = { order, record, contentHash };
    const sent = await payload.send(insertBatch(session, schema, { batch, entry }));
    if (sent !== read) throw new SessionError("COUNTS_DIFFER");
    const committed = await this.#mergeRows(read);
    const superseded = read - committed;
    if (superseded !== 0) {
      await updateBatch(session, schema, { batch, record, committed, superseded });
    }
    await commit(session);
    return { read, committed, superseded, rejected: 0 };
  }

  /** Moves the rows on from staging; returns how many of them have arrived. */
  async #mergeRows(sent: number): Promise<number> {
    let merged = sent;
    for (const text of this.#merge) merged = (await this.#session.query(text)).count;
    const mayBeFewer = this.#options.order.shape.mode === "upsert";
    if (merged > sent || (merged < sent && !mayBeFewer)) throw new SessionError("COUNTS_DIFFER");
    return merged;
  }

  /** What an error means for the batch. The transaction is rolled back before this returns. */
  async #outcome(
    batch: Batch,
    { payload, error }: { payload: Payload; error: unknown },
  ): Promise<WriteResult> {
    const context: FailureContext = {
      endpoint: this.#options.endpoint,
      what: `Writing batch ${batch.sequence} into ${this.#options.order.shape.table.name}`,
    };
    if (error instanceof CommitError) return decide(classifyCommit(error.cause, context));
    await rollback(this.#session);
    if (error instanceof RowsRejected) return { kind: "reject", rows: error.rows };
    if (!isDatabaseError(error)) throw error;
    const failure = classify(error, context);
    if (failure.kind !== "data" && failure.kind !== "integrity") return decide(failure);
    if (failure.table === BATCH_TABLE && failure.code === "23505") {
      return {
        kind: "fatal",
        failure: { ...failure, message: `${context.what} failed: the ledger has this batch` },
      };
    }
    const row = this.#rejectedRow(batch, { payload, error, failure });
    return row ? { kind: "reject", rows: [row] } : decide(failure);
  }

  #rejectedRow(
    batch: Batch,
    { payload, error, failure }: { payload: Payload; error: unknown; failure: Failure },
  ): RejectedRow | undefined {
    const { table, columns } = this.#options.order.shape;
    const fault = payload.copy && copyFault(serverErrorOf(error), {
      tables: [STAGING_NAME, asideName(table.name), table.name],
      columns: columns.map((column) => column.name),
      rows: payload.copy.rows,
    });
    if (!fault) return undefined;
    const row = payload.copy?.rowOf?.[fault.row] ?? fault.row;
    const constraint = failure.constraint === undefined ? "" : ` (${failure.constraint})`;
    const column = fault.column ?? failure.column;
    return {
      ordinal: batch.ordinal + row,
      part: batch.part,
      line: lineOfRow(batch, row),
      ...(column === undefined ? {} : { column }),
      code: failure.kind === "integrity" ? "integrity" : "data",
      message: `The database refused the row: ${sqlstateLabel(failure.code)}${constraint}`,
    };
  }
}

/** Whether the same batch may succeed later. */
function decide(failure: Failure): WriteResult {
  if (failure.commitUnknown) return { kind: "fatal", failure };
  switch (failure.kind) {
    case "conflict":
      return { kind: "retry", failure, afterMs: RETRY_MS.conflict };
    case "connection":
    case "unavailable":
    case "timeout":
      return { kind: "retry", failure, afterMs: RETRY_MS.otherwise };
    default:
      return { kind: "fatal", failure };
  }
}
