/**
 * Writes the batches of one load on one session.
 *
 * Invariants
 * - Everything of a batch, its ledger row first, stands in one transaction that either commits or
 *   is rolled back before the call returns.
 * - Where the ledger holds a batch already, it is not written again.
 */
import type { RowCounts, WriteResult } from "../../../src/backend.ts";
import { type Batch, rowCount } from "../../../src/batch.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { CellReader, CellRules, Codec } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { numberColumns } from "./affinity.ts";
import { type InsertText, render, STAGING } from "./dialect.ts";
import type { FailureContext } from "./failures.ts";
import { claimStatement, correctCounts, findBatch } from "./ledger.ts";
import { nameMissing } from "./missing.ts";
import { type RowsSent, sendRows } from "./row_writer.ts";
import type { Session } from "./session.ts";
import { fitEngine, onFittingEngine } from "./transaction.ts";
import { ContentChanged, CountsDiffer, failedWrite } from "./write_outcome.ts";

/** Rows whose cells are alive at once while a batch is read only to count its repairs. */
const COUNTED_ROWS = 1_000;

/** What a writer writes, and by what. */
export interface BatchWriterOptions {
  readonly codec: Codec;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
  readonly names: SlotNames;
  readonly insert: InsertText;
  readonly about: FailureContext;
}

/** See the head of this file. */
export class BatchWriter {
  readonly #session: Session;
  readonly #options: BatchWriterOptions;
  readonly #merge: readonly string[];
  #numbers: readonly boolean[] | undefined;

  private constructor(session: Session, options: BatchWriterOptions) {
    this.#session = session;
    this.#options = options;
    this.#merge = options.order.plan.merge.map((sql) => render(sql, options.names));
  }

  /** Runs the plan's `stage` and looks at where the rows will go. @throws {SessionError} */
  static async join(session: Session, options: BatchWriterOptions): Promise<BatchWriter> {
    const writer = new BatchWriter(session, options);
    await onFittingEngine(session, () => writer.#join());
    return writer;
  }

  /** Writes one batch in one transaction. */
  async write(batch: Batch): Promise<WriteResult> {
    const started = performance.now();
    const contentHash = this.#options.codec.contentHash(batch).hex();
    let committing = false;
    const attempt = async (): Promise<WriteResult> => {
      await this.#session.begin();
      const result = await this.#writeRows(batch, contentHash);
      if (result.kind !== "written") {
        await this.#session.rollback();
        return result;
      }
      committing = true;
      await this.#session.commit();
      return { ...result, milliseconds: performance.now() - started };
    };
    try {
      return await onFittingEngine(this.#session, attempt, () => this.#join());
    } catch (error) {
      await this.#session.rollback();
      const { about } = this.#options;
      const named = await nameMissing(this.#session, error, about);
      return failedWrite(named, { ...about, committing });
    }
  }

  async #join(): Promise<void> {
    const { order, names, insert } = this.#options;
    const { plan, shape } = order;
    await this.#stage();
    const finish = plan.finish.map((sql) => render(sql, names));
    const changed = await fitEngine(this.#session, [insert.text(1), ...this.#merge, ...finish]);
    if (changed) await this.#stage();
    this.#numbers = this.#session.prefersNumbers
      ? await numberColumns(this.#session, shape, plan.write)
      : undefined;
  }

  async #stage(): Promise<void> {
    const { order: { plan }, names } = this.#options;
    if (plan.stage.length === 0) return;
    await this.#session.run(`DROP TABLE IF EXISTS temp.${STAGING}`);
    for (const sql of plan.stage) await this.#session.run(render(sql, names));
  }

  async #writeRows(batch: Batch, contentHash: string): Promise<WriteResult> {
    const { codec, order, record, insert } = this.#options;
    if (order.plan.stage.length > 0) await this.#session.run(`DELETE FROM temp.${STAGING}`);
    const numbers = this.#numbers;
    // SQLite stores any text and takes NaN for NULL.
    const rules: CellRules = { nul: order.nul ?? "keep", nan: false };
    const reader = codec.cells(batch, { ...rules, ...(numbers ? { numbers } : {}) });
    const sent = await sendRows(this.#session, batch, {
      insert,
      shape: order.shape,
      first: claimStatement(batch, { order, record, contentHash }),
      reader,
    });
    if (sent.kind !== "sent") return await this.#notSent(batch, { contentHash, sent, reader });
    await this.#mergeRows(sent);
    const counts: RowCounts = {
      read: rowCount(batch),
      committed: sent.distinct,
      superseded: sent.rows - sent.distinct,
      rejected: 0,
    };
    if (counts.superseded > 0) await correctCounts(this.#session, batch, { record, counts });
    return written({ counts, contentHash, reader });
  }

  /** The batch may be in already, which decides over everything else. */
  async #notSent(
    batch: Batch,
    { contentHash, sent, reader }: {
      readonly contentHash: string;
      readonly sent: Exclude<RowsSent, { kind: "sent" }>;
      readonly reader: CellReader;
    },
  ): Promise<WriteResult> {
    const entry = sent.kind === "rejected" && sent.begun
      ? undefined
      : await findBatch(this.#session, this.#options.record, batch.sequence);
    if (entry) {
      if (entry.contentHash !== contentHash) throw new ContentChanged(batch);
      // The ledger does not say how many rows were repaired: the same bytes say it again.
      while (reader.read(COUNTED_ROWS, [], []) > 0);
      return written({ counts: entry.counts, contentHash, reader });
    }
    if (sent.kind === "refused") throw sent.error;
    return { kind: "reject", rows: sent.rows };
  }

  async #mergeRows(sent: { readonly rows: number; readonly distinct: number }): Promise<void> {
    for (const sql of this.#merge) {
      const taken = await this.#session.run(sql);
      if (isInsert(sql) && (taken < sent.distinct || taken > sent.rows)) {
        throw new CountsDiffer(sent.distinct, taken);
      }
    }
  }
}

function written(
  { counts, contentHash, reader: { repaired } }: {
    readonly counts: RowCounts;
    readonly contentHash: string;
    readonly reader: CellReader;
  },
): WriteResult {
  return {
    kind: "written",
    counts,
    ...(repaired > 0 ? { repaired } : {}),
    contentHash,
    milliseconds: 0,
  };
}

/** Whether a statement inserts rows, so that what it changes is to be held against what was sent. */
export function isInsert(sql: string): boolean {
  return /^\s*insert\b/i.test(sql);
}
