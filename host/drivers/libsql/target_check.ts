/**
 * What in a database stands against a load into a table that is there: told before the first row, and
 * once more in the transaction that ends a replace.
 *
 * - A replace empties the table, and no other table may change by it. SQLite is asked what emptying
 *   would write to; foreign keys that refer to the table are read from its catalogue, since it names
 *   them there.
 * - A constraint that is declared with ON CONFLICT decides for itself what becomes of rows, so that
 *   what was sent and what is in the table afterwards need not agree.
 */
import { tableLabel, type TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Failure } from "../../../src/model/failure.ts";
import type { FailureContext, TargetLoad } from "../sql/family.ts";
import { storedColumns } from "./affinity.ts";
import { foldCase, quote } from "./names_and_types.ts";
import type { Session } from "./session.ts";

/** A foreign key that refers to a table. SQLite gives it no name. */
export interface Referrer {
  /** The table that has it. */
  readonly table: string;
  /** Its columns, in their order. */
  readonly columns: readonly string[];
  /** What becomes of its rows where the row that they refer to is deleted, in SQL's words. */
  readonly onDelete: string;
}

/** What changes no other table: with deferred keys, RESTRICT waits for the COMMIT as well. */
const HARMLESS = new Set(["NO ACTION", "RESTRICT"]);

const REFERRERS = `SELECT m.name, f.id, f."from", f.on_delete
  FROM sqlite_schema AS m, pragma_foreign_key_list(m.name, 'main') AS f
  WHERE m.type = 'table' AND lower(f."table") = lower(?) ORDER BY m.name, f.id, f.seq`;

/**
 * Refuses a load that would change another table, or whose rows the table itself would drop. Returns
 * what the user should know although it goes on: one sentence each.
 *
 * @throws {LoadError} `table_refused`, with the table, what stands against the load, and the way out
 * @throws {SessionError} the database's failure
 */
export async function checkTarget(
  session: Session,
  { shape, there }: Pick<TargetLoad, "shape" | "there">,
): Promise<string[]> {
  const { table } = shape;
  if (!there) return [];
  const [row] = await session.all(
    `SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)`,
    [table.name],
  );
  // Of a virtual table its module decides.
  if (!row) return [];
  const clause = conflictClause(String(row[0]));
  if (clause !== undefined) {
    throw refused(
      `Table ${tableLabel(table)} declares a constraint with ${clause}, by which SQLite drops or ` +
        "replaces rows without a word. Load into a table without that clause",
    );
  }
  if (shape.mode === "replace") {
    if (await enforcesKeys(session)) checkReferrers(table, await referrersOf(session, table));
    await checkTriggers(session, table);
  }
  return (await storedColumns(session, shape))
    .filter(({ column, makesNumbers }) => makesNumbers && column.type === "decimal")
    .map(({ column, declared }) =>
      `Column ${column.name}, declared as ${declared}, keeps numbers and not how they are written: ` +
      "1.50 reads back as 1.5. DECIMAL TEXT keeps both"
    );
}

/**
 * Lets foreign keys wait for the COMMIT of the open transaction where any refers to the table, so that
 * its rows may be gone for a while; where one that is referred to is missing then, the COMMIT is
 * refused.
 *
 * @throws {SessionError} the database's failure
 */
export async function deferKeys(session: Session, table: TableName): Promise<void> {
  if ((await referrersOf(session, table)).length === 0) return;
  await session.run("PRAGMA defer_foreign_keys = ON");
}

/**
 * The failure of a replace's COMMIT with the tables that refer to its table: SQLite says of a foreign
 * key no more than that there is one. Never throws.
 */
export async function nameReferrers(
  session: Session,
  failure: Failure,
  { table, committing, replacing, endpoint }: FailureContext,
): Promise<Failure> {
  const ofKeys = committing && replacing && /^SQLITE_CONSTRAINT(_FOREIGNKEY)?$/.test(failure.code);
  if (!ofKeys || !table) return failure;
  try {
    const referrers = await referrersOf(session, table);
    if (referrers.length === 0) return failure;
    const rows = referrers.map(({ table, columns }) => `${table} (${columns.join(", ")})`);
    const message =
      `A replace of ${tableLabel(table)} would leave rows without the row that they ` +
      `refer to, so nothing has changed: rows of ${rows.join(" or ")} refer to it. Load the rows ` +
      `that they need as well, or load with --mode upsert: ${endpoint}`;
    return { ...failure, message };
  } catch {
    return failure;
  }
}

/** Foreign keys that refer to a table, its own among them. @throws {SessionError} */
async function referrersOf(session: Session, table: TableName): Promise<Referrer[]> {
  const keys = Map.groupBy(
    await session.all(REFERRERS, [table.name]),
    ([name, id]) => `${id} ${name}`,
  );
  return [...keys.values()].map((rows) => ({
    table: String(rows[0]![0]),
    columns: rows.map(([, , column]) => String(column)),
    onDelete: String(rows[0]![3]),
  }));
}

/** Whether the session holds rows to foreign keys. @throws {SessionError} */
async function enforcesKeys(session: Session): Promise<boolean> {
  const [row] = await session.all("SELECT foreign_keys FROM pragma_foreign_keys");
  return Number(row?.[0] ?? 1) === 1;
}

function checkReferrers(table: TableName, referrers: readonly Referrer[]): void {
  const changed = referrers.find((key) =>
    !HARMLESS.has(key.onDelete) && foldCase(key.table) !== foldCase(table.name)
  );
  if (!changed) return;
  throw refused(
    `A replace of ${tableLabel(table)} would change table ${changed.table}: its foreign key on (${
      changed.columns.join(", ")
    }) refers to ${table.name} with ON DELETE ${changed.onDelete}. Load with --mode upsert, or ` +
      "declare the foreign key without that action",
  );
}

/** What the table's own triggers would write to, as it is emptied. */
async function checkTriggers(session: Session, table: TableName): Promise<void> {
  const triggers = await session.all(
    `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?)`,
    [table.name],
  );
  if (triggers.length === 0) return;
  const written = await writtenBy(session, `DELETE FROM ${quote(table.name)}`);
  const other = written.find((name) => foldCase(name) !== foldCase(table.name));
  if (other === undefined) return;
  throw refused(
    `A replace of ${
      tableLabel(table)
    } would change table ${other}: a trigger on DELETE writes into ` +
      `it (of ${
        triggers.map(([name]) => name).join(", ")
      }). Load with --mode upsert, or drop the ` +
      "trigger for as long as the load runs",
  );
}

/**
 * Tables that a statement may write to, by what SQLite's own program for it opens for writing. Virtual
 * tables are not among them: they are indexes of others, kept by triggers, as FTS5 is.
 */
async function writtenBy(session: Session, sql: string): Promise<string[]> {
  const roots = new Map(
    (await session.all("SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0"))
      .map(([page, name]) => [Number(page), String(name)]),
  );
  const pages = (await session.all(`EXPLAIN ${sql}`)).flatMap(([, opcode, p1, p2, p3]) => {
    if (opcode === "OpenWrite" && Number(p3) === 0) return [Number(p2)];
    return opcode === "Clear" && Number(p2) === 0 ? [Number(p1)] : [];
  });
  const names = pages.flatMap((page) => roots.get(page) ?? []);
  return [...new Set(names)].filter((name) => !/^sqlite_/i.test(name));
}

/** What is neither word nor space: names in quotes, texts and comments, which say nothing here. */
const SILENT =
  /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|--[^\n]*|\/\*[^]*?(?:\*\/|$)/g;

/** A clause of the table's constraints by which it drops or replaces rows, or ends a transaction. */
function conflictClause(sql: string): string | undefined {
  const words = sql.replace(SILENT, (text) => /^["`[]/.test(text) ? '""' : " ");
  const found = /\bON\s+CONFLICT\s+(REPLACE|IGNORE|ROLLBACK)\b/i.exec(words);
  return found ? `ON CONFLICT ${found[1]!.toUpperCase()}` : undefined;
}

function refused(message: string): LoadError {
  return new LoadError(message, { code: "table_refused", blame: "config" });
}
