/** Writes a batch in parts, without the rows that the database refuses. */
import type { Batch, RejectedRow, Shape } from "../../../src/batch.ts";
import { type Database, isOfRows } from "./family.ts";
import { isolate, isolateAnew } from "./isolate.ts";
import type { PreparedPart } from "./prepared_part.ts";
import type { KeyCount } from "./row_writer.ts";
import { rejectedRow } from "./write_outcome.ts";

const SAVEPOINT = "_snakepipe_part";

/** What is written, within a transaction that is open. */
export interface IsolatedBatch {
  readonly batch: Batch;
  /** The columns that its rows may have. */
  readonly shape: Shape;
  /** Rows that may be left out. */
  readonly rejectsMax: number;
  readonly database: Database;
  /** Makes a part ready. */
  prepare(part: Batch): PreparedPart;
  /** Sends what goes before the rows. */
  open(): Promise<void>;
  /** Counts the distinct keys of all parts; none where the load is no upsert. */
  countKeys(): Promise<KeyCount | undefined>;
  emptyStaging(): Promise<void>;
}

/** What has become of it. */
export interface IsolatedRows {
  /** Rows that were left out, in their order; more than may be, where it was given up. */
  readonly rejects: RejectedRow[];
  readonly sent: number;
  readonly committed: number;
  readonly repaired: number;
}

/**
 * See the head of this file. Where there are no savepoints, the transaction is another one afterwards.
 *
 * @throws what is no error of rows
 */
export async function writeInParts(
  { batch, shape, rejectsMax, database, ...steps }: IsolatedBatch,
): Promise<IsolatedRows> {
  const { session, family } = database;
  let keys: KeyCount | undefined;
  let sent = 0;
  let merged = 0;
  let repaired = 0;
  const open = async () => {
    await steps.open();
    for (const sql of family.beforeIsolating) await session.run(sql);
    // A later part may change what an earlier one has merged.
    keys = await steps.countKeys();
    sent = merged = repaired = 0;
  };
  const options = {
    rejectsMax,
    prepare: steps.prepare,
    send: async (part: PreparedPart) => {
      await steps.emptyStaging();
      const written = await part.write(keys);
      sent += written.sent;
      merged += written.merged;
      repaired += part.repaired;
    },
    isOfRows: (error: unknown) => isOfRows(family.kindOf(error)),
    rejected: (row: number, error: unknown, column: string | undefined) =>
      rejectedRow(family, batch, { row, error, column, shape }),
  };
  let rejects;
  if (family.words.savepoints === false) {
    rejects = await isolateAnew(batch, {
      ...options,
      begin: async () => {
        await session.rollback();
        await session.begin();
        await open();
      },
      isFinal: (error) => family.isFinal?.(error, shape) ?? family.kindOf(error) === "data",
    });
  } else {
    await open();
    rejects = await isolate(batch, {
      ...options,
      begin: async () => void await session.run(`SAVEPOINT ${SAVEPOINT}`),
      keep: async () => void await session.run(`RELEASE SAVEPOINT ${SAVEPOINT}`),
      undo: async () => {
        await session.run(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
        await session.run(`RELEASE SAVEPOINT ${SAVEPOINT}`);
      },
    });
  }
  const committed = keys && rejects.length <= rejectsMax ? await keys.count() : merged;
  return { rejects, sent, committed, repaired };
}
