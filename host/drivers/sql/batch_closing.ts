/**
 * How a batch begins and ends beside its rows: that the target is the table which the load has filled,
 * that no other batch has bytes of it, and what has become of it in its ledger row.
 *
 * All of it is statements that go with the rows, since a server that is far away costs a round trip for
 * each call: their answers are looked at once the rows are in, and before COMMIT.
 */
import type { RowCounts } from "../../../src/model/backend.ts";
import type { Batch } from "../../../src/model/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import { Verbatim } from "./host_tables.ts";
import type { JoinedLoad } from "./joined_load.ts";
import { type Closing, closingStatements, type LedgerRange } from "./ledger.ts";
import { noteTable } from "./load_row.ts";
import type { Exchange } from "./row_writer.ts";
import type { Answer, Statement } from "./session.ts";
import { GONE, keptState, type TableState, type WatchedTable } from "./table_watch.ts";
import { OtherBatch } from "./write_outcome.ts";

/** Only a count of its rows tells whether the target is the same: the batch is to be sent again. */
export class TableUnsure extends Error {
  /** Says so. */
  constructor() {
    super("Rows of the target are to be counted");
  }
}

/**
 * How a batch begins and ends beside its rows: that the target is the table which the load has
 * filled, that no other batch has bytes of it, and what has become of it in its ledger row.
 */
export class BatchClosing {
  readonly #load: JoinedLoad;
  #known: TableState | undefined;
  /** The target as the batch in hand has left it, once that is committed. */
  #seen: TableState | undefined;
  /** Whether rows are counted with the next look. */
  #unsure = false;

  /** The target is at first what the load row says. */
  constructor(load: JoinedLoad) {
    this.#load = load;
    this.#known = keptState(load.record.table);
  }

  /** The target as it was after the last batch. */
  get known(): TableState | undefined {
    return this.#known;
  }

  /** The batch in hand is committed. */
  committed(): void {
    this.#known = this.#seen ?? this.#known;
  }

  /**
   * What goes before the rows of a batch: its ledger row, behind a look at the target, which is to be
   * what it was after the last batch.
   *
   * What its check throws: {@linkcode TableChanged}, or {@linkcode TableUnsure} where the batch is to
   * be sent again, and its rows are counted.
   */
  open(ledgerRow: Statement): Exchange {
    this.#seen = undefined;
    const { target, order } = this.#load;
    const known = this.#known;
    if (!target?.watch.looksBefore || !known || order.sameTable) return { statements: [ledgerRow] };
    const counts = this.#unsure || target.watch.needsCount(known);
    this.#unsure = false;
    const check = async ([answer]: readonly Answer[]): Promise<void> => {
      const { now, counted } = target.read(answer!.rows[0]!);
      const count = () => {
        if (counted) return counted;
        this.#unsure = true;
        throw new TableUnsure();
      };
      await target.check({ before: known, now, count });
    };
    return { statements: [target.statement({ known, counts }), ledgerRow], check };
  }

  /**
   * What goes after the rows: it writes down what has become of the batch, and looks at the table,
   * which nobody can change by now.
   *
   * What its check throws: {@linkcode OtherBatch}, {@linkcode TableChanged}.
   */
  close(
    batch: LedgerRange & Partial<Pick<Batch, "line">>,
    counts: RowCounts,
    { rejects = [], late }: Partial<Pick<Closing, "rejects" | "late">> = {},
  ): Exchange {
    const { host, order, record, target } = this.#load;
    const table = new Verbatim(target?.watch.sql(undefined) ?? "NULL");
    const about = { order, record, counts, rejects, table, late };
    const closing = closingStatements(host, batch, about);
    const lock = order.replays === undefined
      ? host.family.commitLock?.(record.id, host.place)
      : undefined;
    const check = async (answers: readonly Answer[]): Promise<void> => {
      const [closed] = answers.at(-1)!.rows;
      if (!closed) throw new OtherBatch(batch);
      if (target) await this.#look(target, closed);
    };
    const locking = lock === undefined ? [] : [{ sql: lock, args: [], repeats: true }];
    return { statements: [...locking, ...closing], check };
  }

  async #look(target: WatchedTable, [state, noted]: readonly Cell[]): Promise<void> {
    const { host, record } = this.#load;
    const { watch } = target;
    const now = watch.read(state!);
    const known = this.#known;
    const before = noted === GONE ? keptState(GONE) : watch.looksBefore ? undefined : known;
    await target.check({ before, now });
    // A round trip of its own, as the state is made here: once for a load that begins with no row.
    if (known && watch.tellsMore(known, now)) await noteTable(host, record, now.text);
    this.#seen = now;
  }
}
