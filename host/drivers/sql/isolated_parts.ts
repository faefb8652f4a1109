import type { Batch, RejectedRow, Shape } from "../../../src/model/batch.ts";
import type { BatchOrder } from "../driver.ts";
import { isOfRows } from "./family.ts";
import type { HostTables } from "./host_tables.ts";
import { isolate, isolateAnew } from "./isolate.ts";
import type { PreparedPart } from "./prepared_part.ts";
import type { KeyCount } from "./row_writer.ts";
import type { ShapeWriters } from "./shape_writers.ts";
import { rejectedRow } from "./write_outcome.ts";

const SAVEPOINT = "_snakepipe_part";

/** What is written, within a transaction that is open. */
export interface IsolatedBatch {
  readonly host: HostTables;
  readonly batch: Batch;
  /** The columns that its rows may have. */
  readonly shape: Shape;
  readonly order: BatchOrder;
  /** Sends what goes before the rows. */
  open(): Promise<void>;
}

/** What has become of the rows of a batch. */
export interface ArrivedRows {
  /** Rows that were sent, and taken. */
  readonly sent: number;
  /** Rows that are where they are to be, of each key one. */
  readonly committed: number;
  readonly rows: {
    /** Rows that were left out, in their order; more than may be, where it was given up. */
    readonly rejects: readonly RejectedRow[];
    /** Rows in which U+0000 was stripped or escaped. */
    readonly repaired: number;
  };
}

/**
 * Writes a batch in parts, without the rows that the database refuses. Where there are no
 * savepoints, the transaction is another one afterwards.
 *
 * @throws what is no error of rows.
 */
export async function writeInParts(
  shapes: ShapeWriters,
  { host: { session, family }, batch, shape, order: { rejectsMax, groups }, open }: IsolatedBatch,
): Promise<ArrivedRows & { readonly rows: { readonly rejects: RejectedRow[] } }> {
  let keys: KeyCount | undefined;
  let sent = 0;
  let merged = 0;
  let repaired = 0;
  const begin = async () => {
    await open();
    for (const sql of family.beforeIsolating ?? []) await session.run(sql);
    // A later part may change what an earlier one has merged.
    keys = await shapes.countKeys(groups);
    sent = merged = repaired = 0;
  };
  const options = {
    rejectsMax,
    prepare: (part: Batch) =>
      shapes.prepare(part, {
        groups,
        from: part.ordinal - batch.ordinal,
        rejectsMax: Infinity,
      }),
    send: async (part: PreparedPart) => {
      await shapes.emptyStaging();
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
        await begin();
      },
      isFinal: (error) => family.isFinal?.(error, shape) ?? family.kindOf(error) === "data",
    });
  } else {
    await begin();
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
  return { sent, committed, rows: { rejects, repaired } };
}
