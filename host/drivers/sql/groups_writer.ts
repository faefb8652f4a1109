/**
 * Writes parts of a batch whose rows do not have the same columns: the rows of each group by the plan
 * for its shape, one group after the other, as if they were one statement.
 */
import type { Batch, RejectedRow } from "../../../src/batch.ts";
import type { PlannedGroup } from "../driver.ts";
import { GroupRows } from "../group_rows.ts";
import type { Fault } from "./isolate.ts";
import type { PartWriter, PreparedPart, WrittenRows } from "./part_writer.ts";
import {
  type Around,
  type KeyCount,
  type PrepareOptions,
  RowsRejected,
  type SentRows,
} from "./row_writer.ts";
import type { SqlSession } from "./session.ts";
import type { ShapeWriter } from "./shape_writer.ts";

/** A group of rows, and what writes rows of its shape. */
export interface WrittenGroup<Session extends SqlSession> {
  readonly group: PlannedGroup;
  readonly writer: ShapeWriter<Session>;
}

/** See the head of this file. */
export class GroupsWriter<Session extends SqlSession> implements PartWriter {
  readonly #batch: Batch;
  readonly #groups: readonly WrittenGroup<Session>[];
  readonly #emptyStaging: () => Promise<void>;

  /** A writer of one batch, all of whose rows are in these groups. */
  constructor(
    batch: Batch,
    groups: readonly WrittenGroup<Session>[],
    emptyStaging: () => Promise<void>,
  ) {
    this.#batch = batch;
    this.#groups = groups;
    this.#emptyStaging = emptyStaging;
  }

  prepare(part: Batch, { rejectsMax }: PrepareOptions): PreparedPart {
    const from = part.ordinal - this.#batch.ordinal;
    const groups = function* (this: GroupsWriter<Session>) {
      for (const { group, writer } of this.#groups) {
        const rows = new GroupRows(part, from, group);
        if (rows.count > 0) yield { rows, writer };
      }
    };
    return new GroupedPart(groups.call(this), rejectsMax, this.#emptyStaging);
  }

  countKeys(): Promise<KeyCount> {
    return this.#groups[0]!.writer.countKeys();
  }
}

/** Rows of a group, and what writes them. */
interface GroupToWrite<Session extends SqlSession> {
  readonly rows: GroupRows;
  readonly writer: ShapeWriter<Session>;
}

class GroupedPart<Session extends SqlSession> implements PreparedPart {
  readonly #groups: Iterable<GroupToWrite<Session>>;
  readonly #rejectsMax: number;
  readonly #emptyStaging: () => Promise<void>;
  readonly #rejects: RejectedRow[] = [];
  /** The group that was written last. */
  #last: { readonly rows: GroupRows; readonly prepared: PreparedPart } | undefined;
  repaired = 0;

  constructor(
    groups: Iterable<GroupToWrite<Session>>,
    rejectsMax: number,
    emptyStaging: () => Promise<void>,
  ) {
    this.#groups = groups;
    this.#rejectsMax = rejectsMax;
    this.#emptyStaging = emptyStaging;
  }

  get rejects(): readonly RejectedRow[] {
    return this.#rejects.sort((a, b) => a.ordinal - b.ordinal);
  }

  /** In the rows of the part; between the first and the last of several, rows of others may stand. */
  fault(error: unknown): Fault | undefined {
    if (!this.#last) return undefined;
    const { rows, prepared } = this.#last;
    const fault = prepared.fault(error);
    if (!fault) return undefined;
    const row = rows.rowOf(fault.row);
    return { ...fault, row, count: rows.rowOf(fault.row + fault.count - 1) - row + 1 };
  }

  async write(keys?: KeyCount, around?: Around): Promise<WrittenRows> {
    let sent = 0;
    let merged = 0;
    const undoable = keys && new UndoableCount(keys);
    for (const { rows, writer } of this.#groups) {
      if (this.#rejects.length > this.#rejectsMax) {
        // The batch is lost: read on only to name every row that cannot be encoded.
        this.#rejects.push(...rows.placed(writer.rejectsOf(rows.batch)));
        continue;
      }
      if (this.#last) await this.#emptyStaging();
      const prepared = writer.prepare(rows.batch, { rejectsMax: Infinity });
      const own = this.#last ? undefined : around && { first: around.first };
      this.#last = { rows, prepared };
      const written = await prepared.write(undoable, own);
      sent += written.sent;
      merged += written.merged;
      this.repaired += prepared.repaired;
      this.#rejects.push(...rows.placed(prepared.rejects));
    }
    if (this.#rejects.length > this.#rejectsMax) throw new RowsRejected(this.rejects);
    await undoable?.keep();
    return { sent, merged };
  }
}

/**
 * Keys of groups, which are undone together: the database undoes what it counts itself, and what we
 * count is added once all groups are through.
 */
class UndoableCount implements KeyCount {
  readonly #keys: KeyCount;
  readonly #counted: SentRows[] = [];

  constructor(keys: KeyCount) {
    this.#keys = keys;
  }

  async add(sent: SentRows): Promise<void> {
    if (sent.keys) this.#counted.push(sent);
    else await this.#keys.add(sent);
  }

  count(): Promise<number> {
    return this.#keys.count();
  }

  async keep(): Promise<void> {
    for (const sent of this.#counted) await this.#keys.add(sent);
  }
}
