/**
 * A batch, or a part of one, that is ready to be written, once. Where its rows do not have the same
 * columns, those of each group are written by the plan for its shape, one group after the other, as if
 * they were one statement.
 */
import type { Batch, RejectedRow } from "../../../src/model/batch.ts";
import { type GroupPlaces, GroupRows } from "../group_rows.ts";
import type { Fault, PartRows } from "./isolate.ts";
import {
  type Around,
  type KeyCount,
  type PreparedRows,
  type PrepareOptions,
  RowsRejected,
  type SentRows,
} from "./row_writer.ts";
import type { ShapeWriter } from "./shape_writer.ts";

/** A group of rows, all of them where it names none, and what writes rows of its shape. */
export interface WrittenGroup extends GroupPlaces {
  readonly writer: ShapeWriter;
}

/** What is written, and how. */
export interface PartOptions extends PrepareOptions {
  readonly groups: readonly WrittenGroup[];
  /** Number of its first row within the batch. */
  readonly from: number;
  /** Called between groups. */
  emptyStaging(): Promise<void>;
}

/** What was written. */
export interface WrittenPart {
  /** Rows that were sent, and taken. */
  readonly sent: number;
  /** Rows that have arrived. */
  readonly merged: number;
}

/** A group whose turn it is. */
interface Turn {
  readonly writer: ShapeWriter;
  readonly rows: GroupRows;
  readonly prepared: PreparedRows;
}

/** A batch, or a part of one, that is ready to be written, once. */
export class PreparedPart implements PartRows {
  readonly #part: Batch;
  readonly #options: PartOptions;
  /** Of the groups that are through. */
  readonly #rejects: RejectedRow[] = [];
  #repaired = 0;
  /** The group that is being written, or the only one. */
  #turn: Turn | undefined;

  /** Rows of one shape are made ready at once, those of several when it is their turn. */
  constructor(part: Batch, options: PartOptions) {
    this.#part = part;
    this.#options = options;
    const [only, ...others] = options.groups;
    if (!only || only.rows || others.length > 0) return;
    this.#turn = {
      ...only,
      rows: new GroupRows(part, 0, only),
      prepared: only.writer.prepare(part, options),
    };
  }

  /** Rows that the codec refuses, once they are sent. */
  get rejects(): readonly RejectedRow[] {
    const { rows, prepared } = this.#turn ?? {};
    const all = rows ? [...this.#rejects, ...rows.placed(prepared!.rejects)] : this.#rejects;
    return all.sort((a, b) => a.ordinal - b.ordinal);
  }

  /** Rows in which U+0000 was stripped or escaped, once they are written. */
  get repaired(): number {
    return this.#repaired + (this.#turn?.prepared.repaired ?? 0);
  }

  /** In the rows of the part; between the first and the last of several, rows of others may stand. */
  fault(error: unknown): Fault | undefined {
    const { rows, prepared } = this.#turn ?? {};
    const fault = prepared?.fault(error);
    if (!rows || !fault) return undefined;
    const row = rows.rowOf(fault.row);
    return { ...fault, row, count: rows.rowOf(fault.row + fault.count - 1) - row + 1 };
  }

  /**
   * Sends the rows, with what goes around them where they are of one shape, and moves them on to where
   * they are to be. Their keys are counted.
   *
   * @throws {FirstRefused}, {RowsRejected}, {RowsVary}, the session's error
   */
  async write(keys?: KeyCount, around?: Around): Promise<WrittenPart> {
    const { groups, rejectsMax } = this.#options;
    const written = { sent: 0, merged: 0 };
    const counted: SentRows[] = [];
    const only = this.#turn;
    for (const group of groups) {
      const turn = only ?? await this.#next(group);
      if (!turn) continue;
      const sent = await turn.writer.write(turn.prepared, around);
      written.sent += sent.rows;
      written.merged += sent.merged;
      // The database undoes what it counts itself; what we count is added once all groups are through.
      if (sent.keys) counted.push(sent);
      else await keys?.add(sent);
    }
    if (this.rejects.length > rejectsMax) throw new RowsRejected(this.rejects);
    for (const sent of counted) await keys?.add(sent);
    return written;
  }

  /** The turn of a group; none where it has no rows here, or where they are only read. */
  async #next({ rows: numbers, writer }: WrittenGroup): Promise<Turn | undefined> {
    const { from, rejectsMax, emptyStaging } = this.#options;
    const last = this.#turn;
    if (last) {
      this.#rejects.push(...last.rows.placed(last.prepared.rejects));
      this.#repaired += last.prepared.repaired;
      this.#turn = undefined;
      await emptyStaging();
    }
    const rows = new GroupRows(this.#part, from, { rows: numbers });
    if (rows.count === 0) return undefined;
    if (this.#rejects.length > rejectsMax) {
      // The batch is lost: read on only to name every row that cannot be encoded.
      this.#rejects.push(...rows.placed(writer.rejectsOf(rows.batch)));
      return undefined;
    }
    // Places of rejected rows within a group are not those within the part.
    const prepared = writer.prepare(rows.batch, { rejectsMax: Infinity });
    return this.#turn = { writer, rows, prepared };
  }
}
