/**
 * Whether the target is still the table that a load has filled. A table that was made again, emptied or
 * replaced lacks rows that are committed, and a load that went on with it would be complete without
 * them.
 *
 * The state of a table, in its family's words, stands in the row of the load. It is looked at where
 * nobody else can change it: within the transaction of each batch, and when a load goes on.
 */
import { tableLabel, type TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import type { Statement } from "./session.ts";

/** A table as it stood at some time. */
export interface TableState {
  /** As it stands in the row of the load; it holds no value of a row. */
  readonly text: string;
  /** What a family needs to know one row again by; it stays in memory. */
  readonly witness?: string;
}

/**
 * What has become of a table between two looks at it.
 *
 * - `same`: it is the same, and nothing is gone but single rows
 * - `unsure`: that depends on how many rows it holds
 * - `made_anew`: it is another table
 * - `rewritten`: it is the same, but not its rows, or not where they were
 */
export type TableChange = "same" | "unsure" | "made_anew" | "rewritten";

/** How a family looks at one table. */
export interface TableWatch {
  /** Whether a batch's own rows change the state, so that it is looked at before them as well. */
  readonly looksBefore: boolean;
  /** SQL for the state as it is now, one value; `known` is what it was at the last look. */
  sql(known: TableState | undefined): string;
  /** The state as such SQL gives it. */
  read(value: Cell): TableState;
  /** What has become of the table. */
  compare(before: TableState, now: TableState): TableChange;
  /** Whether nothing can be held against that state but `unsure`, as it knows no row. */
  needsCount(known: TableState): boolean;
  /** Whether a later state of the same table tells more, so that it is to be kept. */
  tellsMore(before: TableState, now: TableState): boolean;
}

/**
 * What stands in the row of a load in the place of a state once its rows are gone for certain: another
 * load has replaced them, has made the table that was not there, or has found it empty.
 */
export const GONE = "gone";

/** A state that was kept. */
export function keptState(text: string | undefined): TableState | undefined {
  return text === undefined ? undefined : { text };
}

/** The target is not the table that the load has filled, or lacks rows of it. */
export class TableChanged extends LoadError {
  /** Says what has happened, and what can be done. */
  constructor(table: TableName, what: string, areGone = false) {
    const again = "all of the source again with --fresh";
    super(
      `Table ${tableLabel(table)} ${what}. ${
        areGone
          ? `Load ${again}; or, where they are in the table all the same, go on with --same-table`
          : "Where its rows are in the table all the same, as after VACUUM FULL or a restore, go on " +
            `with --same-table; where they are gone, load ${again}, which adds a second time what is ` +
            "there"
      }`,
      { code: "table_changed", blame: "database" },
    );
  }
}

/** A load into a target that is there. */
export interface WatchedLoad {
  readonly host: HostTables;
  readonly order: LoadOrder;
  readonly record: LoadRecord;
}

/** What a look at the target has found. */
export interface Look {
  readonly now: TableState;
  /** Rows that it holds, and that the load has committed to it, or has there at the least. */
  readonly counted: { readonly there: number; readonly expected: number } | undefined;
}

/** Whether the target is still the table that a load has filled. */
export class WatchedTable {
  /** How its family looks at it. */
  readonly watch: TableWatch;
  readonly #load: WatchedLoad;

  private constructor(load: WatchedLoad, watch: TableWatch) {
    this.#load = load;
    this.watch = watch;
  }

  /** Asks the family how to. */
  static async of(load: WatchedLoad): Promise<WatchedTable> {
    const { session, family, place, table } = load.host;
    const target = { place, table, shape: load.order.shape };
    return new WatchedTable(load, await family.watchTable(session, target));
  }

  /** Its state as it is now. */
  async look(): Promise<TableState> {
    return (await this.#ask({ counts: false })).now;
  }

  /**
   * A statement that looks at it; `known` is what it was at the last look. One that counts rows as well
   * tells all that can be told, and reads all of the table.
   */
  statement(
    { known, counts }: { readonly known?: TableState | undefined; readonly counts: boolean },
  ): Statement {
    const { host, order: { shape: { mode } }, record } = this.#load;
    const state = new Verbatim(this.watch.sql(known));
    if (!counts) return host.statement`SELECT ${state}`;
    // A later batch of an upsert changes rows of an earlier one.
    const expected = new Verbatim(mode === "upsert" ? "max(committed)" : "sum(committed)");
    return host.statement`SELECT ${state}, (SELECT count(*) FROM ${host.target}),
  (SELECT coalesce(${expected}, 0) FROM ${host.batch} WHERE load_id = ${record.id})`;
  }

  /** Reads the row that such a statement brings. */
  read([state, there, expected]: readonly Cell[]): Look {
    const counted = { there: Number(there), expected: Number(expected) };
    return { now: this.watch.read(state!), counted: there === undefined ? undefined : counted };
  }

  /**
   * Holds it against what it was at the last look; nothing, where that is not known. `count` is asked
   * where only that tells.
   *
   * @throws {TableChanged} where rows of the load are gone, as far as can be told
   */
  async check(
    { before, now, count }: {
      readonly before: TableState | undefined;
      readonly now: TableState;
      readonly count?: () => NonNullable<Look["counted"]>;
    },
  ): Promise<void> {
    const { host: { table }, order: { sameTable } } = this.#load;
    if (sameTable || !before) return;
    if (before.text === GONE) {
      throw new TableChanged(
        table,
        "was emptied, replaced or made again since this load has filled it: its rows are gone",
        true,
      );
    }
    const change = this.watch.compare(before, now);
    if (change === "made_anew") {
      throw new TableChanged(
        table,
        "is not the one that this load has filled: that was dropped or renamed, and this one made since",
      );
    }
    if (change === "rewritten") {
      throw new TableChanged(
        table,
        "was truncated since this load has filled it, or rewritten, as by VACUUM FULL, CLUSTER or " +
          "ALTER TABLE: they look the same",
      );
    }
    if (change !== "unsure") return;
    const { there, expected } = count?.() ?? (await this.#ask({ counts: true })).counted!;
    if (there >= expected) return;
    const rows = there === 1 ? "row" : "rows";
    throw new TableChanged(
      table,
      `holds ${there} ${rows}, and this load has committed ${expected} to it: it was emptied or made ` +
        "again, or rows were deleted",
    );
  }

  async #ask(how: { readonly counts: boolean }): Promise<Look> {
    const { sql, args } = this.statement(how);
    const [row] = await this.#load.host.session.all(sql, args);
    return this.read(row!);
  }
}
