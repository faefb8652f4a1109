/** Writes rows of one shape by one plan: sends them, and moves them on from staging. */
import type { Batch, RejectedRow, Shape } from "../../../src/batch.ts";
import type { Plan } from "../../../src/abi/plan.ts";
import type { NulRule } from "../../../src/nul_rule.ts";
import type { SlotNames } from "../../../src/policy/slot.ts";
import type { Codec } from "../../codec/codec.ts";
import type { LoadRecord } from "../driver.ts";
import type { Database } from "./family.ts";
import type { HostTables } from "./host_tables.ts";
import { insertText } from "./insert_text.ts";
import { KeySet } from "./key_set.ts";
import { render, slotNames } from "./names.ts";
import type { PartWriter, PreparedPart } from "./part_writer.ts";
import type { KeyCount, PrepareOptions, RowWriter, SentRows } from "./row_writer.ts";
import type { SqlSession } from "./session.ts";
import { CountsDiffer } from "./write_outcome.ts";

/** A shape, and the plan for it. */
export interface PlannedShape {
  readonly shape: Shape;
  readonly plan: Plan;
}

/** What all writers of a load have in common. */
export interface ShapeWriterOptions<Session extends SqlSession> {
  readonly database: Database<Session>;
  readonly host: HostTables;
  readonly codec: Codec;
  readonly record: LoadRecord;
  readonly nul: NulRule | undefined;
}

/** What the slots of a shape's plan are filled with. */
export function namesOf<Session extends SqlSession>(
  { host, record }: Pick<ShapeWriterOptions<Session>, "host" | "record">,
  { shape }: PlannedShape,
): SlotNames {
  const { words, place: { schema } } = host;
  return slotNames(words, shape, { schema, loadId: record.id });
}

/** The statements by which rows are written. @throws {LoadError} `plan_refused` */
export function statementsOf<Session extends SqlSession>(
  options: ShapeWriterOptions<Session>,
  planned: PlannedShape,
): readonly string[] {
  const { session, family } = options.database;
  const names = namesOf(options, planned);
  const { plan } = planned;
  family.checkPlan?.(session, planned);
  const insert = insertText(family.words, plan.write, names).text(1);
  return [insert, ...plan.merge.map((sql) => render(sql, names))];
}

/** See the head of this file. */
export class ShapeWriter<Session extends SqlSession> implements PartWriter {
  readonly #session: Session;
  readonly #shape: Shape;
  readonly #merge: readonly string[];
  readonly #rows: RowWriter;

  private constructor(session: Session, rows: RowWriter, { shape, merge }: {
    readonly shape: Shape;
    readonly merge: readonly string[];
  }) {
    this.#session = session;
    this.#rows = rows;
    this.#shape = shape;
    this.#merge = merge;
  }

  /** Looks at where the rows will go, which is there. @throws {LoadError}, the session's error */
  static async open<Session extends SqlSession>(
    options: ShapeWriterOptions<Session>,
    planned: PlannedShape,
  ): Promise<ShapeWriter<Session>> {
    const { database: { session, family }, codec, record, nul } = options;
    const { shape, plan: { write, merge } } = planned;
    const names = namesOf(options, planned);
    const rows = await family.rowWriter(session, {
      codec,
      shape,
      write,
      names,
      loadId: record.id,
      nul,
    });
    return new ShapeWriter(session, rows, {
      shape,
      merge: merge.map((sql) => render(sql, names)),
    });
  }

  /** Rows of a batch that the codec refuses; what shape it says that they have is of no matter. */
  rejectsOf(batch: Batch): readonly RejectedRow[] {
    return this.#rows.rejectsOf({ ...batch, shape: this.#shape });
  }

  prepare(part: Batch, options: PrepareOptions): PreparedPart {
    const rows = this.#rows.prepare({ ...part, shape: this.#shape }, options);
    return {
      get rejects() {
        return rows.rejects;
      },
      get repaired() {
        return rows.repaired;
      },
      fault: (error) => rows.fault(error),
      write: async (keys, around) => {
        // Rows that are yet to be moved on are not all in.
        const sent = await rows.send(
          around && this.#merge.length > 0 ? { first: around.first } : around,
        );
        const merged = await this.#mergeRows(sent);
        await keys?.add(sent);
        return { sent: sent.rows, merged };
      },
    };
  }

  async countKeys(): Promise<KeyCount> {
    if (this.#rows.countKeys) return await this.#rows.countKeys();
    const all = new KeySet(this.#shape.columns);
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
    const least = this.#shape.mode === "upsert" ? keys?.size ?? 0 : rows;
    for (const sql of this.#merge) {
      const taken = await this.#session.run(sql);
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
