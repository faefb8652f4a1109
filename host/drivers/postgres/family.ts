/** What sets PostgreSQL apart from other SQL databases. */
import type { RowRefusal, RowWriterOptions, SqlFamily } from "../sql/family.ts";
import { insertWriter } from "../sql/insert_writer.ts";
import type { RowWriter } from "../sql/row_writer.ts";
import { qualified } from "../sql/words.ts";
import { constraintColumns, describeTable, schemaOf, seemsEmpty, seesRows } from "./catalog.ts";
import { copyWriter } from "./copy_writer.ts";
import { checkBulk, copiedInsert, sentInsert, takesCopy } from "./bulk.ts";
import { cellRules, POSTGRES_WORDS } from "./names_and_types.ts";
import {
  classify,
  isDatabaseError,
  isOfPolicy,
  kindOfError,
  rowClause,
  serverErrorOf,
} from "./failures.ts";
import { grantClause } from "./missing_grants.ts";
import { readIndexes } from "./secondary_indexes.ts";
import type { Session } from "./session.ts";
import { sqlstateLabel } from "./sqlstate.ts";
import { checkTarget } from "./target_check.ts";
import { tableWatch } from "./table_state.ts";

/** See {@linkcode SqlFamily}. */
export const POSTGRES: SqlFamily<Session> = {
  words: POSTGRES_WORDS,
  writesRanges: true,
  // A constraint that is deferred would fail the whole batch at COMMIT.
  beforeIsolating: ["SET CONSTRAINTS ALL IMMEDIATE"],
  // A lane that is still writing must not keep this waiting for long.
  beforeAbandoning: ["SET LOCAL lock_timeout = '10s'"],

  checkPlan: ({ bulk }, planned) => checkBulk(bulk, planned),
  async placeOf(session, table) {
    const schema = await schemaOf(session, table);
    return { schema, hostSchema: schema, tableName: table.name };
  },
  readLiveTable: describeTable,
  seesRows,
  seemsEmpty,
  checkTarget,
  beforeReplacing: async (session, { place, table }) => {
    const name = qualified(POSTGRES_WORDS, place.schema, table.name);
    await session.run(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
  },
  watchTable: (_session, { place, table }) =>
    Promise.resolve(tableWatch(place.schema!, table.name)),
  commitLock: (loadId) => {
    const key = BigInt.asIntN(64, BigInt(`0x${loadId.replaceAll("-", "").slice(0, 16)}`));
    return `SELECT pg_catalog.pg_advisory_xact_lock(${key})`;
  },
  constraintColumns,
  secondaryIndexes: { read: readIndexes },
  rowWriter,

  kindOf: (error) => isDatabaseError(error) ? kindOfError(error) : undefined,
  async failureOf(session, error, context) {
    if (!isDatabaseError(error)) throw error;
    const lacking = context.committing ? undefined : await grantClause(session, error, context);
    return classify(error, context, lacking);
  },
  refusalOf,
};

async function rowWriter(
  session: Session,
  options: RowWriterOptions,
): Promise<RowWriter> {
  const { shape, write, names, nul } = options;
  const { bulk } = session;
  const insert = copiedInsert(bulk, { write, shape });
  if (insert && await takesCopy(session, { into: insert.into, names })) {
    return await copyWriter(session, { ...options, insert });
  }
  return insertWriter(session, POSTGRES, {
    ...options,
    write: sentInsert({ write, shape }),
    rules: cellRules(nul),
  });
}

function refusalOf(error: unknown): RowRefusal {
  const { code, column_name: column, constraint_name: constraint } = serverErrorOf(error);
  const named = constraint === undefined ? "" : ` (${constraint})`;
  const clause = rowClause(error);
  const label = isOfPolicy(error) ? undefined : `${sqlstateLabel(code)}${named}`;
  const why = clause !== undefined && label !== undefined
    ? `${clause} (${label})`
    : clause ?? label;
  return { column, constraint, message: `The database refused the row: ${why}` };
}
