/** What sets SQLite and libSQL apart from other SQL databases. */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { CellRules } from "../../codec/codec.ts";
import type { PlacedTable, RowRefusal, RowWriterOptions, SqlFamily } from "../sql/family.ts";
import { insertWriter } from "../sql/insert_writer.ts";
import type { RowWriter } from "../sql/row_writer.ts";
import { declaredTable, numberColumns, storedColumns } from "./affinity.ts";
import { checkTable, insertTarget, LIBSQL_WORDS } from "./names_and_types.ts";
import { failureOf, kindOf, knownColumns, rowSentence, TOO_MUCH_AT_ONCE } from "./failures.ts";
import { imageSource } from "./image_source.ts";
import { imageWriter } from "./image_writer.ts";
import { catalogueName, readLiveTable } from "./live_table.ts";
import { nameMissing } from "./missing_object.ts";
import { readIndexes } from "./secondary_indexes.ts";
import { type Session, SessionError } from "./session.ts";
import { storedCodec } from "./stored_cells.ts";
import { checkTarget, deferKeys, nameReferrers } from "./target_check.ts";
import { tableWatch } from "./table_state.ts";
import { emptiedWhole } from "./vector_index.ts";

/** What stands for the name of a foreign key, which the database does not tell. */
const FOREIGN_KEY = "FOREIGN KEY";

/** See {@linkcode SqlFamily}. */
export const LIBSQL: SqlFamily<Session> = {
  words: LIBSQL_WORDS,
  asksForLess: TOO_MUCH_AT_ONCE,
  writesRanges: true,

  checkTable,
  checkPlan,
  placeOf: async (session, table) => ({
    schema: table.schema,
    hostSchema: undefined,
    tableName: await catalogueName(session, table),
  }),
  readLiveTable,
  watchTable: (session, { shape }) => tableWatch(session, shape),
  constraintColumns: foreignKeyColumns,
  secondaryIndexes: { read: readIndexes },
  rowWriter,
  checkTarget,
  beforeReplacing: (session, { table }) => deferKeys(session, table),
  finishStatement: emptiedWhole,

  kindOf: (error) => error instanceof SessionError ? kindOf(error.code) : undefined,
  failureOf: async (session, error, context) =>
    await nameReferrers(
      session,
      failureOf(await nameMissing(session, error, context), context),
      context,
    ),
  refusalOf,
};

/** @throws {LoadError} `plan_refused` */
function checkPlan({ lasting }: Session, { plan: { stage } }: { readonly plan: Plan }): void {
  if (stage.length === 0 || lasting) return;
  throw new LoadError("Plan stages rows, but a libSQL server keeps no temporary table", {
    code: "plan_refused",
    blame: "plugin",
  });
}

async function rowWriter(session: Session, options: RowWriterOptions): Promise<RowWriter> {
  const { shape, write, loadId, nul } = options;
  const table = await declaredTable(session, insertTarget(shape, { sql: write.sql, loadId }));
  const numbers = session.prefersNumbers ? numberColumns(shape, write, table) : undefined;
  // SQLite stores any text and takes NaN for NULL.
  const rules: CellRules = { nul: nul ?? "keep", nan: false };
  // Affinity makes integers of numbers that are bound, and not always of those in an image.
  const bound = { ...rules, ...(numbers ? { numbers } : {}) };
  const codec = storedCodec(options.codec, await storedColumns(session, shape));
  const inserts = insertWriter(session, LIBSQL, { ...options, codec, rules: bound });
  const source = codec.image && await imageSource(session, { ...options, table });
  return source ? imageWriter(session, { ...options, rules, source, inserts }) : inserts;
}

function refusalOf(error: unknown, { columns }: Shape): RowRefusal {
  const refusal = error as SessionError;
  const names = columns.map(({ name }) => name);
  const ofKey = refusal.code === "SQLITE_CONSTRAINT_FOREIGNKEY";
  return {
    column: knownColumns(refusal, names)[0],
    constraint: ofKey ? FOREIGN_KEY : undefined,
    message: rowSentence(refusal, names),
  };
}

/** SQLite does not say which foreign key it means: where a table has one, it is that. */
async function foreignKeyColumns(
  session: Session,
  { table, constraint }: PlacedTable & { readonly constraint: string },
): Promise<readonly string[]> {
  if (constraint !== FOREIGN_KEY) return [];
  const keys = await session.all(
    `SELECT "id", "from" FROM pragma_foreign_key_list(?) ORDER BY "id", "seq"`,
    [table.name],
  );
  if (new Set(keys.map(([id]) => id)).size !== 1) return [];
  return keys.map(([, from]) => String(from));
}
