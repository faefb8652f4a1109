/** Reads what the ledgers of a database say of loads. Nothing is made, and nothing is changed. */
import type { PastLoad, PastLoadPlace, PastLoadsQuestion } from "../../../src/model/past_load.ts";
import type { WriteMode } from "../../../src/model/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import type { Database } from "./family.ts";
import { type Clause, HostTables, Verbatim } from "./host_tables.ts";

/** The newest loads, of all ledgers that the session can read. Without any ledger there are none. */
export async function pastLoads(
  database: Database,
  question: PastLoadsQuestion,
): Promise<readonly PastLoad[]> {
  const { session, family: { words } } = database;
  const schemas = await session.all(words.ledgers);
  const found: PastLoad[] = [];
  for (const [schema] of schemas) {
    const hostSchema = schema === null ? undefined : String(schema);
    found.push(...await loadsOf(database, hostSchema, question));
  }
  return found.toSorted((a, b) => compare(b.startedAt, a.startedAt) || compare(a.id, b.id))
    .slice(0, question.limit);
}

async function loadsOf(
  database: Database,
  schema: string | undefined,
  question: PastLoadsQuestion,
): Promise<PastLoad[]> {
  const { limit, table } = question;
  const place = { schema, hostSchema: schema, tableName: table ?? "" };
  const host = new HostTables(database, { place, table: { name: table ?? "" } });
  const time = (column: string) => new Verbatim(host.words.timeText(column));
  // By the time as it is told: of those that are told alike, the database may know which was first.
  const began = time("started_at");
  const newest: Clause = (sql) =>
    sql`FROM ${host.load} WHERE 1 = 1${wanted(question)}${behind(question.before, began)}
  ORDER BY ${began} DESC, id LIMIT ${new Verbatim(String(limit))}`;
  const rows = await host.all`
SELECT l.id, l.table_name, l.source, l.generation, l.state, l.mode, ${time("l.started_at")},
  ${time("l.finished_at")}, l.plugin_name, l.plugin_version, b.batches, b.rows_read, b.committed,
  b.superseded, b.rejected, ${time("b.committed_at")}
FROM (SELECT * ${newest}) l
LEFT JOIN (SELECT load_id, count(*) AS batches, sum(rows_read) AS rows_read,
    sum(committed) AS committed, sum(superseded) AS superseded, sum(rejected) AS rejected,
    max(committed_at) AS committed_at
  FROM ${host.batch} WHERE load_id IN (SELECT id FROM (SELECT id ${newest}) n) GROUP BY load_id) b
  ON b.load_id = l.id`;
  return rows.map((row) => pastLoad(row, schema));
}

/** Of one table or of all, in one state or in any. */
function wanted({ table, state }: Pick<PastLoadsQuestion, "table" | "state">): Clause {
  const inTable: Clause = (sql) => table === undefined ? "" : sql` AND table_name = ${table}`;
  const inState: Clause = (sql) => state === undefined ? "" : sql` AND state = ${state}`;
  return (sql) => sql`${inTable}${inState}`;
}

/** Those behind a place, or all. */
function behind(place: PastLoadPlace | undefined, began: Verbatim): Clause {
  return (sql) => {
    if (!place) return "";
    const { startedAt, id } = place;
    if (id === undefined) return sql` AND ${began} < ${startedAt}`;
    return sql` AND (${began} < ${startedAt} OR (${began} = ${startedAt} AND id > ${id}))`;
  };
}

function pastLoad(row: readonly Cell[], schema: string | undefined): PastLoad {
  const [id, table, source, generation, state, mode, started, finished, name, version] = row;
  const [batches, read, committed, superseded, rejected, committedAt] = row.slice(10);
  return {
    id: String(id),
    ...(schema === undefined ? {} : { schema }),
    table: String(table),
    source: String(source),
    generation: Number(generation),
    state: String(state) as PastLoad["state"],
    mode: String(mode) as WriteMode,
    startedAt: String(started),
    ...(finished === null ? {} : { finishedAt: String(finished) }),
    ...(committedAt === null ? {} : { committedAt: String(committedAt) }),
    batches: Number(batches ?? 0),
    read: Number(read ?? 0),
    committed: Number(committed ?? 0),
    superseded: Number(superseded ?? 0),
    rejected: Number(rejected ?? 0),
    plugin: { name: String(name), version: String(version) },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
