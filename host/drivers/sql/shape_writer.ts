import type { Batch, RejectedRow, Shape } from "../../../src/model/batch.ts";
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { SlotNames } from "../../../src/plan_policy/slot.ts";
import type {
  EncodedImage,
  ImageOptions,
  RecordBytes,
  StreamedRecords,
} from "../../codec/codec.ts";
import type { HostTables } from "./host_tables.ts";
import { insertText } from "./insert_text.ts";
import type { JoinedLoad } from "./joined_load.ts";
import { KeySet } from "./key_set.ts";
import { countKeys } from "./key_table.ts";
import { render } from "./names.ts";
import type {
  Around,
  Exchange,
  KeyCount,
  PreparedRows,
  PrepareOptions,
  RowWriter,
  SentRows,
  StreamedRows,
} from "./row_writer.ts";
import { asksForKeys, countStagedKeys } from "./staged_keys.ts";
import type { WrittenPart } from "./prepared_part.ts";
import { CountsDiffer } from "./write_outcome.ts";

/** A shape, and the plan for it. */
export interface PlannedShape {
  readonly shape: Shape;
  readonly plan: Plan;
}

/** Rows that were written. */
export interface WrittenRows extends SentRows {
  /** Rows that have arrived where they are to be. */
  readonly merged: number;
}

/** Rows of a range, which are sent while they are read, and moved on. */
export interface RangeRows extends Pick<StreamedRows, "stream"> {
  /** Writes them behind what goes first. Throws what {@linkcode StreamedRows.send} does. */
  write(first: Exchange): Promise<WrittenPart>;
}

/** The statements by which rows are written. @throws {LoadError} `plan_refused` */
export function statementsOf(
  { host: { session, family, words }, host, record }: JoinedLoad,
  planned: PlannedShape,
): readonly string[] {
  const { shape, plan } = planned;
  const names = host.names(shape, record.id);
  family.checkPlan?.(session, planned);
  const insert = insertText(words, plan.write, names).text(1);
  return [insert, ...plan.merge.map((sql) => render(sql, names))];
}

/** Writes rows of one shape by one plan: sends them, and moves them on from staging. */
export class ShapeWriter {
  readonly #host: HostTables;
  readonly #planned: PlannedShape;
  readonly #merge: readonly string[];
  readonly #rows: RowWriter;

  private constructor(
    host: HostTables,
    planned: PlannedShape,
    { rows, names }: { readonly rows: RowWriter; readonly names: SlotNames },
  ) {
    this.#host = host;
    this.#planned = planned;
    this.#rows = rows;
    this.#merge = planned.plan.merge.map((sql) => render(sql, names));
  }

  /** Looks at where the rows will go, which is there. @throws {LoadError}, the session's error */
  static async open(
    { host, codec, record: { id: loadId }, order: { nul } }: JoinedLoad,
    planned: PlannedShape,
  ): Promise<ShapeWriter> {
    const { session, family, place } = host;
    const { shape, plan: { write } } = planned;
    const names = host.names(shape, loadId);
    const options = { codec, shape, write, names, place, loadId, nul };
    const rows = await family.rowWriter(session, options);
    return new ShapeWriter(host, planned, { rows, names });
  }

  /** Rows of a batch that the codec refuses; what shape it says that they have is of no matter. */
  rejectsOf(batch: Batch): readonly RejectedRow[] {
    return this.#rows.rejectsOf({ ...batch, shape: this.#planned.shape });
  }

  /** Makes rows ready, without a word to the database. */
  prepare(batch: Batch, options: PrepareOptions): PreparedRows {
    return this.#rows.prepare({ ...batch, shape: this.#planned.shape }, options);
  }

  /** Whether rows can be streamed to where they are to be. */
  get streams(): boolean {
    return this.#rows.stream !== undefined;
  }

  /** Rows to be streamed, where they can be. */
  async stream(records: StreamedRecords, bytes: RecordBytes): Promise<RangeRows> {
    return this.#rangeRows(
      await this.#rows.stream!({ ...records, shape: this.#planned.shape }, bytes),
    );
  }

  /** What images of rows are to be; undefined where none are taken. */
  get images(): ImageOptions | undefined {
    return this.#rows.images?.options;
  }

  /** The rows of an image, where such are taken. */
  ofImage(image: EncodedImage): RangeRows {
    return this.#rangeRows(this.#rows.images!.rows(image));
  }

  #rangeRows({ stream, send }: StreamedRows): RangeRows {
    return {
      stream,
      write: async (first) => {
        const sent = await send(first);
        return { sent: sent.rows, merged: await this.#mergeRows(sent) };
      },
    };
  }

  /** Sends rows, and moves them on. Rows that are yet to be moved on are not all in. */
  async write(rows: PreparedRows, around: Around | undefined): Promise<WrittenRows> {
    const first = this.#merge.length > 0 ? around && { first: around.first } : around;
    const sent = await rows.send(first);
    return { ...sent, merged: await this.#mergeRows(sent) };
  }

  /** Counts the distinct keys of all rows that are written till the transaction ends. */
  async countKeys(): Promise<KeyCount> {
    const { session, words } = this.#host;
    const { shape, plan } = this.#planned;
    const { keyTable } = this.#rows;
    if (keyTable) return await countKeys(session, keyTable);
    if (asksForKeys(words, plan.write)) return await countStagedKeys(session, words, shape);
    const all = new KeySet(shape.columns);
    return {
      add: ({ keys }) => {
        if (keys instanceof KeySet) all.addAll(keys);
        return Promise.resolve();
      },
      count: () => Promise.resolve(all.size),
    };
  }

  /** Moves the rows on from staging; returns how many of them have arrived. */
  async #mergeRows({ rows, keys }: SentRows): Promise<number> {
    let merged = keys?.size ?? rows;
    const least = this.#planned.shape.mode === "upsert" ? keys?.size ?? 0 : rows;
    for (const sql of this.#merge) {
      const taken = await this.#host.session.run(sql);
      if (!isInsert(sql)) continue;
      if (taken < least || taken > rows) throw new CountsDiffer(rows, taken);
      merged = keys?.size ?? taken;
    }
    return merged;
  }
}

/** Whether a statement inserts rows, so that what it changes is to be held against what was sent. */
export function isInsert(sql: string): boolean {
  return /^\s*insert\b/i.test(sql);
}
