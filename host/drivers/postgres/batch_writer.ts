/**
 * Writes batches of one load: ledger row, rows and merge of each in one transaction.
 *
 * - Where rows cannot be encoded, they are named and nothing of their batch is kept.
 * - What can be done for a batch before its turn (its hash, its first piece) is done while pieces of
 *   the one before it are on their way: the server does not wait for either.
 * - The ledger row goes first: where the batch is in already, it fails before a row is sent.
 * - Every count is checked before COMMIT, and COMMIT must be answered by COMMIT.
 */
import type { WriteResult } from "../../../src/backend.ts";
import { type Batch, lineOfRow, type RejectedRow, rowCount } from "../../../src/batch.ts";
import type { Failure } from "../../../src/failure.ts";
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import type { CellReader, Codec, CopyEncoder, CopyOptions } from "../../codec/codec.ts";
import type { ContentHash } from "../../codec/content_hash.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { copyFault } from "./copy.ts";
import { asideName, cellRules, render, renderCopy, slotNames, STAGING_NAME } from "./dialect.ts";
import {
  classify,
  classifyCommit,
  type FailureContext,
  isDatabaseError,
  serverErrorOf,
} from "./failures.ts";
import { type PreparedInsert, prepareInsert } from "./insert.ts";
import { BATCH_TABLE, insertBatch, updateBatch } from "./ledger.ts";
import { type CopyPieces, type Session, SessionError } from "./session.ts";
import { sqlstateLabel } from "./sqlstate.ts";
import type { CopyForm } from "./wire_type.ts";
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
  /** How the rows of a COPY are written down. */
  readonly form: CopyForm;
}

/** A batch whose turn has not come. */
interface Prepared {
  readonly contentHash: ContentHash;
  readonly rows: Rows;
}

/** The rows of a batch. */
type Rows =
  | { readonly kind: "copy"; readonly sql: string; readonly pieces: BatchPieces }
  | { readonly kind: "insert"; readonly insert: PreparedInsert; readonly cells: CellReader };

/** The pieces of one batch, the first of them made beforehand. */
class BatchPieces implements CopyPieces {
  readonly encoder: CopyEncoder;
  #first: Uint8Array | undefined;
  readonly #meanwhile: () => void;

  /** `meanwhile` is called each time that a piece has been made, with the one before on its way. */
  constructor(encoder: CopyEncoder, meanwhile: () => void) {
    this.encoder = encoder;
    this.#first = encoder.next();
    this.#meanwhile = meanwhile;
  }

  get failed(): boolean {
    return this.encoder.rejects.length > 0;
  }

  next(): Uint8Array | undefined {
    const first = this.#first;
    if (first) {
      this.#first = undefined;
      return first;
    }
    const piece = this.encoder.next();
    this.#meanwhile();
    return piece;
  }
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
    | { readonly kind: "copy"; readonly sql: string; readonly options: CopyOptions }
    | { readonly kind: "insert"; readonly insert: PreparedInsert };
  #ahead: { readonly batch: Batch; readonly prepared: Prepared } | undefined;
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
      ? {
        kind: "copy",
        sql: renderCopy(write.sql, names, options.form.format),
        options: { ...options.form, ordinal: write.ordinal, rules: cellRules(options.order.nul) },
      }
      : { kind: "insert", insert: prepareInsert(write, names) };
  }

  /**
   * Begins what can be done for a batch before its turn comes. One that steps back instead is
   * forgotten with the next: its bytes may be elsewhere by then.
   */
  prepare(batch: Batch): void {
    this.#ahead = { batch, prepared: this.#prepare(batch) };
  }

  /** Writes one batch. What the database objects to is a value. */
  async write(batch: Batch): Promise<WriteResult> {
    const started = performance.now();
    const ahead = this.#ahead?.batch === batch ? this.#ahead.prepared : undefined;
    if (ahead) this.#ahead = undefined;
    const { contentHash, rows } = ahead ?? this.#prepare(batch);
    const hash = contentHash.hex();
    try {
      const counts = await this.#transact(batch, { rows, contentHash: hash });
      const { repaired } = rows.kind === "copy" ? rows.pieces.encoder : rows.cells;
      return {
        kind: "written",
        counts,
        ...(repaired > 0 ? { repaired } : {}),
        contentHash: hash,
        milliseconds: performance.now() - started,
      };
    } catch (error) {
      return this.#outcome(batch, { rows, error });
    }
  }

  #prepare(batch: Batch): Prepared {
    const { codec, order } = this.#options;
    const write = this.#write;
    const rows: Rows = write.kind === "insert"
      ? { ...write, cells: codec.cells(batch, cellRules(order.nul)) }
      : {
        kind: "copy",
        sql: write.sql,
        pieces: new BatchPieces(codec.copy(batch, write.options), () => {
          this.#ahead?.prepared.contentHash.advance();
        }),
      };
    return { contentHash: codec.contentHash(batch), rows };
  }

  /** The ledger row and the COPY's beginning travel together: where the first fails, both do. */
  async #copy(sql: string, pieces: BatchPieces, ledger: Promise<unknown>): Promise<number> {
    const [entered, copy] = await Promise.allSettled([ledger, this.#session.copyIn(sql)]);
    if (entered.status === "rejected") throw entered.reason;
    if (copy.status === "rejected") throw copy.reason;
    try {
      return await copy.value.send(pieces);
    } catch (error) {
      if (!pieces.failed || !this.#session.alive) throw error;
      // The batch is lost: read on only to name every row that cannot be encoded.
      while (pieces.next());
      throw new RowsRejected(pieces.encoder.rejects);
    }
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

  #send(rows: Rows, ledger: Promise<unknown>): Promise<number> {
    return rows.kind === "copy"
      ? this.#copy(rows.sql, rows.pieces, ledger)
      : this.#insert(rows.insert, rows.cells, ledger);
  }

  async #transact(
    batch: Batch,
    { rows, contentHash }: { rows: Rows; contentHash: string },
  ): Promise<{ read: number; committed: number; superseded: number; rejected: number }> {
    const { order, record, schema } = this.#options;
    const session = this.#session;
    const read = rowCount(batch);
    // Waited for: were it to fail, what follows would be committed each on its own.
    await session.query(BEGIN);
    const entry = { order, record, contentHash };
    const sent = await this.#send(rows, insertBatch(session, schema, { batch, entry }));
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
    { rows, error }: { rows: Rows; error: unknown },
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
    const row = this.#rejectedRow(batch, { rows, error, failure });
    return row ? { kind: "reject", rows: [row] } : decide(failure);
  }

  #rejectedRow(
    batch: Batch,
    { rows, error, failure }: { rows: Rows; error: unknown; failure: Failure },
  ): RejectedRow | undefined {
    const { table, columns } = this.#options.order.shape;
    if (rows.kind !== "copy") return undefined;
    const { encoder } = rows.pieces;
    const fault = copyFault(serverErrorOf(error), {
      tables: [STAGING_NAME, asideName(table.name), table.name],
      columns: columns.map((column) => column.name),
      rows: encoder.rows,
    });
    if (!fault) return undefined;
    const row = encoder.rowOf(fault.row);
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
