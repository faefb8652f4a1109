/**
 * What in a database stands against a load into a table that is there: told before the first row, and
 * once more in the transaction that ends a replace.
 *
 * - Only tables of InnoDB have transactions: a batch in any other would be in by halves.
 * - An upsert's ON DUPLICATE KEY names no key: through a second unique index it would change another
 *   row than the one that is meant.
 * - A replace deletes the rows of its table, and no other table may change by that.
 */
import { type Shape, tableLabel } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { TargetLoad } from "../sql/family.ts";
import type { Place } from "../sql/host_tables.ts";
import { bulkNotes } from "./bulk.ts";
import { foldCase } from "./names_and_types.ts";
import { PLACEHOLDER as P } from "./literal.ts";
import { at, OF_TABLE, readColumns, readUniqueIndexes } from "./live_table.ts";
import type { MysqlSession } from "./session.ts";

/** @throws {LoadError} `table_refused`, with what stands against the load, and the way out */
export async function checkTarget(
  session: MysqlSession,
  { shape, plan, table, place, there }: TargetLoad,
): Promise<string[]> {
  const notes = bulkNotes(session.bulk, session.server, { shape, plan });
  if (!there) return notes;
  const label = tableLabel(table);
  const [row] = await session.all(
    `SELECT ENGINE FROM information_schema.TABLES WHERE ${OF_TABLE}`,
    at(place),
  );
  const engine = String(row?.[0] ?? "unknown");
  if (engine !== "InnoDB") {
    throw refused(
      `Table ${label} is of the engine ${engine}, which has no transactions: a batch could be in by ` +
        `halves. ALTER TABLE ${label} ENGINE = InnoDB makes it one that can be loaded`,
    );
  }
  const named = new Set(shape.columns.map(({ name }) => foldCase(name)));
  const bits = (await readColumns(session, place)).find(({ name, dataType, columnType }) =>
    dataType === "bit" && columnType !== "bit(1)" && named.has(foldCase(name))
  );
  if (bits) {
    throw refused(
      `Column ${bits.name} of ${label} is of type ${bits.columnType}, which takes bytes for bits: ` +
        "load into a column of an integer type",
    );
  }
  if (shape.mode === "upsert") await checkKeys(session, place, shape);
  if (shape.mode === "replace") await checkReferrers(session, place, label);
  return notes;
}

/** A second index that has all columns of the key finds no other row than the key does. */
async function checkKeys(
  session: MysqlSession,
  place: Place,
  { columns, table }: Shape,
): Promise<void> {
  const keys = columns.filter(({ key }) => key).map(({ name }) => foldCase(name));
  for (const { name, columns, partial } of await readUniqueIndexes(session, place)) {
    const has = new Set(columns.map(foldCase));
    if (!partial && keys.every((key) => has.has(key))) continue;
    throw refused(
      `Table ${tableLabel(table)} has the unique index ${name} (${
        columns.join(", ")
      }) beside the ` +
        `key (${
          keys.join(", ")
        }): an upsert could change another row through it, which MySQL does ` +
        "not tell. Drop it for as long as the load runs, or load into a table without it",
    );
  }
}

async function checkReferrers(
  session: MysqlSession,
  place: Place,
  label: string,
): Promise<void> {
  const [key] = await session.all(
    `SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE
FROM information_schema.REFERENTIAL_CONSTRAINTS
WHERE UNIQUE_CONSTRAINT_SCHEMA = ${P} AND REFERENCED_TABLE_NAME = ${P}`,
    at(place),
  );
  if (key) {
    const [schema, name, constraint, rule] = key.map(String);
    const table = tableLabel(
      schema === place.schema ? { name: name! } : { schema: schema!, name: name! },
    );
    const what = rule === "CASCADE" || rule === "SET NULL"
      ? `would change table ${table}, which refers to it by the foreign key ${constraint} with ` +
        `ON DELETE ${rule}`
      : `is not possible while table ${table} refers to it by the foreign key ${constraint}`;
    throw refused(
      `A replace of ${label} ${what}. Load with --mode upsert, or drop the constraint and add it ` +
        "again afterwards",
    );
  }
  const [trigger] = await session.all(
    `SELECT TRIGGER_NAME FROM information_schema.TRIGGERS
WHERE EVENT_OBJECT_SCHEMA = ${P} AND EVENT_OBJECT_TABLE = ${P} AND EVENT_MANIPULATION = 'DELETE'`,
    at(place),
  );
  if (!trigger) return;
  throw refused(
    `A replace of ${label} would fire the trigger ${
      trigger[0]
    } on DELETE, which may change other ` +
      "tables. Load with --mode upsert, or drop the trigger for as long as the load runs",
  );
}

function refused(message: string): LoadError {
  return new LoadError(message, { code: "table_refused", blame: "config" });
}
