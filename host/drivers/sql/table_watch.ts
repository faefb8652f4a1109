/**
 * Whether the target is still the table that a load has filled. A table that was made anew, emptied or
 * replaced lacks rows that are committed, and a load that went on with it would be complete without
 * them.
 *
 * The state of a table, in its family's words, stands in the row of the load. It is looked at where
 * nobody else can change it: within the transaction of each batch, and when a load goes on.
 */
import { type Shape, tableLabel, type TableName } from "../../../src/batch.ts";
import { LoadError } from "../../../src/errors.ts";
import type { Cell } from "../../codec/codec.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import type { JoinedLoad } from "./joined_load.ts";
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

/** A load that watches its table. */
export interface Watched extends Pick<JoinedLoad, "host" | "order" | "record"> {
  readonly watch: TableWatch;
}

/** How the target is watched, which is there. */
export function watchTarget(host: HostTables, shape: Shape): Promise<TableWatch> {
  const { session, family, place, table } = host;
  return family.watchTable(session, { place, table, shape });
}

/** The state of the table as it is now. */
export async function lookAtTable(
  { host: { session }, watch }: Pick<Watched, "host" | "watch">,
): Promise<TableState> {
  const [row] = await session.all(`SELECT ${watch.sql(undefined)}`);
  return watch.read(row![0]!);
}

/** Rows of a table. */
export interface Counted {
  readonly there: number;
  /** As many as the load has committed to it, or has there at the least. */
  readonly expected: number;
}

/**
 * Holds a table against what it was at the last look; nothing, where that is not known.
 *
 * @throws {TableChanged} where rows of the load are gone, as far as can be told
 * @throws what `count` throws, which is asked where only that tells
 */
export async function checkTable(
  watched: Watched,
  { before, now, count = () => countRows(watched) }: {
    readonly before: TableState | undefined;
    readonly now: TableState;
    readonly count?: () => Promise<Counted> | Counted;
  },
): Promise<void> {
  const { watch, host: { table }, order: { sameTable } } = watched;
  if (sameTable || !before) return;
  if (before.text === GONE) {
    throw new TableChanged(
      table,
      "was emptied, replaced or made anew since this load has filled it: its rows are gone",
      true,
    );
  }
  const change = watch.compare(before, now);
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
  const { there, expected } = await count();
  if (there >= expected) return;
  throw new TableChanged(
    table,
    `holds ${there} ${
      there === 1 ? "row" : "rows"
    }, and this load has committed ${expected} to it: it was emptied or made ` +
      "anew, or rows were deleted",
  );
}

async function countRows(watched: Watched): Promise<Counted> {
  const { sql, args } = lookStatement(watched, { counts: true });
  const [row] = await watched.host.session.all(sql, args);
  return readLook(watched, row!).counted!;
}

/** What one look has found. */
export interface Look {
  readonly now: TableState;
  /** Where rows were counted. */
  readonly counted: Counted | undefined;
}

/**
 * A statement that looks at the table; `known` is what it was at the last look. One that counts rows
 * as well tells all that can be told, and reads all of the table.
 */
export function lookStatement(
  { watch, host, order: { shape: { mode } }, record }: Watched,
  { known, counts }: { readonly known?: TableState | undefined; readonly counts: boolean },
): Statement {
  const state = new Verbatim(watch.sql(known));
  if (!counts) return host.statement`SELECT ${state}`;
  // A later batch of an upsert changes rows of an earlier one.
  const expected = new Verbatim(mode === "upsert" ? "max(committed)" : "sum(committed)");
  return host.statement`SELECT ${state}, (SELECT count(*) FROM ${host.target}),
  (SELECT coalesce(${expected}, 0) FROM ${host.batch} WHERE load_id = ${record.id})`;
}

/** Reads the row of a {@linkcode lookStatement}. */
export function readLook({ watch }: Watched, [state, there, expected]: readonly Cell[]): Look {
  return {
    now: watch.read(state!),
    counted: there === undefined ? undefined : { there: Number(there), expected: Number(expected) },
  };
}
