/**
 * Which columns may be sent integers as JavaScript numbers, which are bound as REAL: those whose
 * affinity makes the same integer of it again before anything else sees it (CHECK, triggers,
 * generated columns, indexes). https://sqlite.org/datatype3.html#type_affinity
 */
import type { PlannedWrite } from "../../../src/abi/plan.ts";
import type { Shape } from "../../../src/batch.ts";
import { foldCase, insertTarget } from "./dialect.ts";
import type { Session } from "./session.ts";

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
    rows.filter(([, type]) => makesIntegers(String(type), strict))
      .map(([column]) => foldCase(String(column))),
  );
  return shape.columns.map((column) => whole.has(foldCase(column.name)));
}

function isPlainInsert(write: PlannedWrite): boolean {
  if (write.kind !== "insert" || write.row !== "({values})") return false;
  const match = PLAIN_INSERT.exec(write.sql.trim());
  if (!match) return false;
  return (match[1]?.split(", ") ?? []).every((assignment) => OWN_ASSIGNMENT.test(assignment));
}

/** Whether a declared type has INTEGER or NUMERIC affinity. A STRICT table's ANY has none. */
function makesIntegers(declared: string, strict: boolean): boolean {
  const type = declared.toUpperCase();
  if (type.includes("INT")) return true;
  return !strict && type !== "" && !/CHAR|CLOB|TEXT|BLOB|REAL|FLOA|DOUB/.test(type);
}
