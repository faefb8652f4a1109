/**
 * The state of a table. SQLite gives a table no identity that outlives VACUUM, and its DELETE is the
 * TRUNCATE of others. So a state is made of what tells most:
 *
 * - the version of the schema, which every CREATE, DROP, ALTER and VACUUM changes;
 * - the table's place in the schema and in the file, which other tables do not have at the same time;
 * - its first and its last row, as hashes of their columns. Where both are what they were, the table
 *   is the same. Within one run, the row that was the last at the look before is looked up by its key,
 *   so that rows which others add do not matter.
 */
import type { Shape } from "../../../src/model/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import { sha256Now } from "../../platform/sha256.ts";
import type { TableChange, TableState, TableWatch } from "../sql/table_watch.ts";
import { LIBSQL_WORDS, quote } from "./names_and_types.ts";
import type { Session } from "./session.ts";

/** Columns of a row that are looked at, those of the key first. */
const COLUMNS_MAX = 30;
/** Characters of a value that are compared; its whole length is compared as well. */
const CHARACTERS_MAX = 64;
const ROWID_NAMES = ["_rowid_", "rowid", "oid"];

/** One row, by its columns: the value in the answer, a hash of it afterwards. */
type Row = Readonly<Record<string, string>> | null;

interface State {
  readonly schema: number;
  /** Row in the schema, and page of the root. */
  readonly place: string | null;
  readonly first: Row;
  readonly last: Row;
  /** The row that was last at the previous look; in memory only, not in the load row. */
  readonly witness?: Row;
  /** SQL condition that finds the last row again; in memory only. */
  readonly key?: string | null;
}

/** Watches a table, as it stands now. @throws {SessionError} */
export async function tableWatch(session: Session, shape: Shape): Promise<TableWatch> {
  const { name, schema = "main" } = shape.table;
  const [found] = await session.all(
    "SELECT type, wr FROM pragma_table_list(?) WHERE schema = 'main'",
    [name],
  );
  const columns = await session.all(
    "SELECT name, pk FROM pragma_table_xinfo(?, 'main') ORDER BY pk, cid",
    [name],
  );
  const names = columns.map(([column]) => LIBSQL_WORDS.foldCase(String(column)));
  const rowid = ROWID_NAMES.find((alias) => !names.includes(alias));
  const isVirtual = found?.[0] !== "table";
  const withoutRowid = Number(found?.[1]) === 1;
  const primaryKey = columns.filter(([, pk]) => Number(pk) > 0)
    .map(([column]) => quote(String(column)));
  const rowidKey = rowid === undefined || isVirtual ? [] : [rowid];
  const keys = withoutRowid ? primaryKey : rowidKey;
  return watchOf({ table: `${quote(schema)}.${quote(name)}`, name, keys, isVirtual, shape });
}

function watchOf({ table, name, keys, isVirtual, shape }: {
  readonly table: string;
  readonly name: string;
  /** What its rows stand in the order of; none where that cannot be told. */
  readonly keys: readonly string[];
  /** Whether it is none of SQLite's own making, and no row of it is looked at. */
  readonly isVirtual: boolean;
  readonly shape: Shape;
}): TableWatch {
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
  const columns = shape.columns.toSorted((a, b) => Number(b.key) - Number(a.key))
    .slice(0, COLUMNS_MAX);
  const row = `json_object(${
    columns.map(({ name }) => {
      const column = quote(name);
      return `${text(name)}, quote(substr(${column}, 1, ${CHARACTERS_MAX})) || '.' || ` +
        `coalesce(length(${column}), 0)`;
    }).join(", ")
  })`;
  // Without a name for the order, its rows come in it by themselves, but not backwards.
  const first = keys.length > 0 || isVirtual
    ? undefined
    : `(SELECT ${row} FROM ${table} NOT INDEXED LIMIT 1)`;
  const select = (what: string, where: string, direction = "") =>
    keys.length === 0
      ? "NULL"
      : `(SELECT ${what} FROM ${table} ${where} ORDER BY ${
        keys.map((key) => `${key} ${direction}`).join(", ")
      } LIMIT 1)`;
  const key = keys.map((key) => `${text(`${key} = `)} || quote(${key})`).join(" || ' AND ' || ");
  return {
    looksBefore: true,
    sql: (known) =>
      `json_object('schema', (SELECT schema_version FROM pragma_schema_version),
  'place', (SELECT rowid || '.' || rootpage FROM main.sqlite_schema
    WHERE type = 'table' AND name = ${text(name)} COLLATE NOCASE),
  'first', ${first ?? select(row, "")}, 'last', ${select(row, "", "DESC")}, 'key', ${
        select(key, "", "DESC")
      }, 'witness', ${
        known?.witness === undefined ? "NULL" : select(row, `WHERE ${known.witness}`)
      })`,
    read,
    compare: (before, now) =>
      compare(stateOf(before), stateOf(now), {
        keyless: keys.length === 0,
        sameRun: parsedStates.has(before),
      }),
    needsCount: (known) => {
      const { first, last } = stateOf(known);
      return !(first && last) && !(keys.length === 0 && parsedStates.has(known));
    },
    tellsMore: (before, now) => {
      const [was, is] = [stateOf(before), stateOf(now)];
      return was.schema !== is.schema || was.place !== is.place || (!was.first && !!is.first);
    },
  };
}

/** States that were read in this process, parsed; one from a load row is not among them. */
const parsedStates = new WeakMap<TableState, State>();

function read(value: Cell): TableState {
  const { schema, place, first, last, witness = null, key } = JSON.parse(String(value)) as State;
  const kept = { schema, place, first: hashed(first), last: hashed(last) };
  const state = {
    text: JSON.stringify(kept),
    ...(typeof key === "string" ? { witness: key } : {}),
  };
  parsedStates.set(state, { ...kept, witness: hashed(witness) });
  return state;
}

function stateOf(state: TableState): State {
  return parsedStates.get(state) ?? JSON.parse(state.text) as State;
}

function hashed(row: Row): Row {
  return row && Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      sha256Now(value).slice(0, 8),
    ]),
  );
}

function compare(
  was: State,
  is: State,
  { keyless, sameRun }: { readonly keyless: boolean; readonly sameRun: boolean },
): TableChange {
  // No row of it is known: its rows are counted, but not for each batch.
  if (keyless && sameRun && was.schema === is.schema) return "same";
  const first = alike(was.first, is.first);
  const last = alike(was.last, is.last) || alike(was.last, is.witness ?? null);
  if (first && last) return "same";
  if (was.schema === is.schema || first || last) return "unsure";
  // Before its first row, a table has nothing but its place.
  return was.place === is.place && !was.first ? "unsure" : "made_anew";
}

/** Whether two rows are the same, by the columns that were looked at in both. */
function alike(a: Row, b: Row): boolean {
  if (!a || !b) return false;
  const common = Object.keys(a).filter((column) => column in b);
  return common.length > 0 && common.every((column) => a[column] === b[column]);
}
