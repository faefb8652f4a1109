/**
 * What affinity makes of values: https://sqlite.org/datatype3.html#type_affinity.
 *
 * Which columns may be sent integers as JavaScript numbers, which are bound as REAL: those whose
 * affinity makes the same integer of it again before anything else sees it (CHECK, triggers,
 * generated columns, indexes). And which have a say in what becomes of texts.
 */
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import type { Shape } from "../../../src/batch.ts";
import type { ColumnType } from "../../../src/column_type.ts";
import { foldCase, insertTarget } from "./dialect.ts";
import type { Session } from "./session.ts";
import type { StoredColumn } from "./stored_cells.ts";

/**
 * INSERTs that put each value into its own column and nowhere else. What an upsert's `excluded` holds
 * is a REAL still, so it may be assigned to that same column alone.
 */
const PLAIN_INSERT =
  /^INSERT INTO \{(?:table|aside|staging)\} \(\{columns\}\) VALUES \{rows\}(?: ON CONFLICT \(\{keys\}\) DO UPDATE SET (.+))?$/;
const OWN_ASSIGNMENT = /^\{col:(\d+)\} = excluded\.\{col:\1\}$/;

/** By column of the shape; undefined where none may be sent as numbers. @throws {SessionError} */
export async function numberColumns(
  session: Session,
  { shape, loadId }: { readonly shape: Shape; readonly loadId: string },
  write: PlannedWrite,
): Promise<readonly boolean[] | undefined> {
  if (!isPlainInsert(write)) return undefined;
  const { schema, name } = insertTarget(shape, { sql: write.sql, loadId });
  const [table] = await session.all(
    "SELECT strict FROM pragma_table_list(?) WHERE schema = ? AND type = 'table'",
    [name, schema],
  );
  if (!table) return undefined;
  const strict = table[0] === 1n;
  const rows = await session.all("SELECT name, type FROM pragma_table_xinfo(?, ?)", [name, schema]);
  const whole = new Set(
    rows.filter(([, type]) => affinityOf(String(type), strict) === "numeric")
      .map(([column]) => foldCase(String(column))),
  );
  return shape.columns.map((column) => whole.has(foldCase(column.name)));
}

function isPlainInsert(write: PlannedWrite): boolean {
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
  const rows = await session.all(
    `SELECT x.name, x.type, l.strict FROM pragma_table_list(?1) AS l, pragma_table_xinfo(?1, 'main') AS x
     WHERE l.schema = 'main' AND l.type = 'table'`,
    [shape.table.name],
  );
  const found = new Map(rows.map(([name, type, strict]) => [
    foldCase(String(name)),
    { declared: String(type), affinity: affinityOf(String(type), strict === 1n) },
  ]));
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

/**
 * The affinity of a declared type; INTEGER keeps what NUMERIC does. A STRICT table knows six types, and
 * its ANY has none.
 */
function affinityOf(declared: string, strict: boolean): "numeric" | "text" | "real" | "none" {
  const type = declared.toUpperCase();
  if (type.includes("INT")) return "numeric";
  if (/CHAR|CLOB|TEXT/.test(type)) return "text";
  if (type === "" || type.includes("BLOB")) return "none";
  if (/REAL|FLOA|DOUB/.test(type)) return "real";
  return strict ? "none" : "numeric";
}
