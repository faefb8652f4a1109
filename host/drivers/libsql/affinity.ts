/**
 * What affinity makes of values: https://sqlite.org/datatype3.html#type_affinity.
 *
 * Which columns may be sent integers as JavaScript numbers, which are bound as REAL: those whose
 * affinity makes the same integer of it again before anything else sees it (CHECK, triggers,
 * generated columns, indexes). And which have a say in what becomes of texts.
 */
import type { PlannedWrite } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import type { ColumnType } from "../../../src/model/column_type.ts";
import { foldCase } from "./names_and_types.ts";
import type { Session } from "./session.ts";
import type { StoredColumn } from "./stored_cells.ts";

/**
 * INSERTs that put each value into its own column and nowhere else. What an upsert's `excluded` holds
 * is a REAL still, so it may be assigned to that same column alone.
 */
const PLAIN_INSERT =
  /^INSERT INTO \{(?:table|aside|staging)\} \(\{columns\}\) VALUES \{rows\}(?: ON CONFLICT \(\{keys\}\) DO UPDATE SET (.+))?$/;
const OWN_ASSIGNMENT = /^\{col:(\d+)\} = excluded\.\{col:\1\}$/;

/** A table as it is declared. */
export interface DeclaredTable {
  readonly strict: boolean;
  /** In their order, those that are generated or not shown among them. */
  readonly columns: readonly DeclaredColumn[];
}

/** See {@linkcode DeclaredTable}. */
export interface DeclaredColumn {
  /** In the case that names are compared in. */
  readonly name: string;
  readonly declared: string;
  readonly affinity: Affinity;
  readonly notNull: boolean;
  /** Whether it is generated, or not shown. */
  readonly hidden: boolean;
}

/** What becomes of values; INTEGER keeps what NUMERIC does. */
export type Affinity = "numeric" | "text" | "real" | "none";

/** Reads a table; undefined where there is none, or its module decides. @throws {SessionError} */
export async function declaredTable(
  session: Session,
  { schema, name }: { readonly schema: string; readonly name: string },
): Promise<DeclaredTable | undefined> {
  const rows = await session.all(
    `SELECT l.strict, x.name, x.type, x."notnull", x.hidden
     FROM pragma_table_list(?1) AS l, pragma_table_xinfo(?1, ?2) AS x
     WHERE l.schema = ?2 AND l.type = 'table' ORDER BY x.cid`,
    [name, schema],
  );
  if (rows.length === 0) return undefined;
  const strict = Number(rows[0]![0]) === 1;
  const columns = rows.map(([, name, declared, notNull, hidden]) => ({
    name: foldCase(String(name)),
    declared: String(declared),
    affinity: affinityOf(String(declared), strict),
    notNull: Number(notNull) !== 0,
    hidden: Number(hidden) !== 0,
  }));
  return { strict, columns };
}

/** By column of the shape; undefined where none may be sent as numbers. */
export function numberColumns(
  shape: Shape,
  write: PlannedWrite,
  table: DeclaredTable | undefined,
): readonly boolean[] | undefined {
  if (!table || !isPlainInsert(write)) return undefined;
  const whole = new Set(
    table.columns.filter(({ affinity }) => affinity === "numeric").map(({ name }) => name),
  );
  return shape.columns.map((column) => whole.has(foldCase(column.name)));
}

/** Whether a plan's INSERT puts each value into its own column and nowhere else. */
export function isPlainInsert(write: PlannedWrite): boolean {
  if (write.row !== "({values})") return false;
  const match = PLAIN_INSERT.exec(write.sql.trim());
  if (!match) return false;
  return (match[1]?.split(", ") ?? []).every((assignment) => OWN_ASSIGNMENT.test(assignment));
}

/**
 * Columns of the shape whose values SQLite does not keep as they are bound, or whose values are bound
 * by what they are, since the column has no type. Of a virtual table its module decides.
 *
 * @throws {SessionError}
 */
export async function storedColumns(session: Session, shape: Shape): Promise<StoredColumn[]> {
  const table = await declaredTable(session, { schema: "main", name: shape.table.name });
  const found = new Map(table?.columns.map((column) => [column.name, column]));
  return shape.columns.flatMap((column, index) => {
    const { declared, affinity } = found.get(foldCase(column.name)) ?? {};
    const makesNumbers = affinity === "numeric";
    const has = makesNumbers ? HELD_AS_TEXT.has(column.type) : column.type === "other";
    return declared !== undefined && has && (makesNumbers || affinity === "none")
      ? [{ index, column, declared: declared || "no type", makesNumbers }]
      : [];
  });
}

/** Types whose values are bound as texts. */
const HELD_AS_TEXT: ReadonlySet<ColumnType> = new Set(
  ["decimal", "text", "json", "date", "time", "timestamp", "timestamptz", "uuid", "other"],
);

/** The affinity of a declared type. A STRICT table knows six types, and its ANY has none. */
function affinityOf(declared: string, strict: boolean): Affinity {
  const type = declared.toUpperCase();
  if (type.includes("INT")) return "numeric";
  if (/CHAR|CLOB|TEXT/.test(type)) return "text";
  if (type === "" || type.includes("BLOB")) return "none";
  if (/REAL|FLOA|DOUB/.test(type)) return "real";
  return strict ? "none" : "numeric";
}
