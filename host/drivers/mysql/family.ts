/** What sets MySQL and MariaDB apart from other SQL databases. */
import type { Plan } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { SessionError } from "../sql/failures.ts";
import { isOfRows, type RowWriterOptions, type SqlFamily } from "../sql/family.ts";
import { insertText } from "../sql/insert_text.ts";
import { insertWriter } from "../sql/insert_writer.ts";
import { keptCodec } from "../sql/kept_cells.ts";
import type { KeyTable } from "../sql/key_table.ts";
import type { RowWriter } from "../sql/row_writer.ts";
import { qualified, type SqlWords } from "../sql/words.ts";
import { foldCase, mysqlWords, quote } from "./names_and_types.ts";
import { MYSQL_FAILURES } from "./failures.ts";
import {
  type CatalogColumn,
  constraintColumns,
  placeOf,
  readColumns,
  readLiveTable,
} from "./live_table.ts";
import type { Server } from "./server.ts";
import type { MysqlSession } from "./session.ts";
import { bulkNotes, loadText } from "./bulk.ts";
import { LoadWriter } from "./load_writer.ts";
import { storedColumns } from "./stored_cell.ts";
import { tableWatch } from "./table_state.ts";
import { checkTarget } from "./target_check.ts";

/** How long to wait for another load of this database that is being prepared. */
const PREPARE_S_MAX = 60;

/** See {@linkcode SqlFamily}. */
export function mysqlFamily(server: Server): SqlFamily<MysqlSession> {
  const words = mysqlWords(server);
  return {
    words,
    asksForLess: new Set(["ER_NET_PACKET_TOO_LARGE", "ER_LOCK_TABLE_FULL"]),

    placeOf,
    checkPlan: ({ bulk, server }, planned) => {
      checkPlan(planned.plan);
      bulkNotes(bulk, server, planned);
    },
    readLiveTable,
    checkTarget,
    exclusively,
    watchTable: ({ server }, { place }) => Promise.resolve(tableWatch(server, place)),
    commitLock: (loadId, place) =>
      `SELECT id FROM ${qualified(words, place.hostSchema, "_snakepipe_load")} ` +
      `WHERE id = '${loadId}' FOR UPDATE`,
    constraintColumns,
    secondaryIndexes: "to make or drop one commits whatever is open there",
    rowWriter: (session, options) => rowWriter(session, words, options),

    ...MYSQL_FAILURES,
  };
}

/** @throws {LoadError} `plan_refused` */
function checkPlan({ stage }: Plan): void {
  if (stage.length === 0) return;
  throw new LoadError("Plan of a MySQL table stages rows, which nothing here does", {
    code: "plan_refused",
    blame: "plugin",
  });
}

/** The lock outlives COMMIT, and so covers DDL; it is of the server, and so has the database's name. */
async function exclusively<T>(session: MysqlSession, work: () => Promise<T>): Promise<T> {
  const lock = "concat('_snakepipe_', left(sha1(coalesce(database(), '')), 40))";
  const [row] = await session.all(`SELECT get_lock(${lock}, ${PREPARE_S_MAX})`);
  if (Number(row![0]) !== 1) throw new SessionError("PREPARE_LOCKED");
  try {
    return await work();
  } finally {
    // A session that is lost has lost the lock.
    if (session.usable) await session.all(`SELECT release_lock(${lock})`).catch(() => {});
  }
}

async function rowWriter(
  session: MysqlSession,
  words: SqlWords,
  options: RowWriterOptions,
): Promise<RowWriter> {
  const { codec, shape, names, nul, place, write } = options;
  const catalog = await readColumns(session, place);
  const keys = keysOf(shape, catalog);
  // utf8mb4 has U+0000; DOUBLE has neither NaN nor infinities.
  const rules = { nul: nul ?? "keep", nan: false } as const;
  const inserts = insertWriter(session, { words, kindOf: MYSQL_FAILURES.kindOf }, {
    ...options,
    codec: keptCodec(codec, storedColumns(shape, catalog)),
    rules,
    padded: keys === "padded",
    ...(keys === "unknown" ? { keyTable: await keyTable(session, words, { shape, names }) } : {}),
  });
  const sql = loadText(session.bulk, session.server, { write, shape, names, catalog });
  const ofRows = (error: unknown) => isOfRows(MYSQL_FAILURES.kindOf(error));
  return sql === undefined
    ? inserts
    : new LoadWriter({ session, codec, sql, rules, isOfRows: ofRows, inserts });
}

/**
 * Which keys of an upsert are the same: those of equal bytes; those that are equal without blanks at
 * their end; else only the database knows, which compares texts by their collation, and 1.0 with 1.
 */
function keysOf(shape: Shape, catalog: readonly CatalogColumn[]): "equal" | "padded" | "unknown" {
  if (shape.mode !== "upsert") return "equal";
  const byName = new Map(catalog.map((column) => [foldCase(column.name), column]));
  const ways = shape.columns.filter(({ key }) => key).map(({ name, type }) => {
    const { dataType = "", collation = "" } = byName.get(foldCase(name)) ?? {};
    if (/int$/.test(dataType) && type !== "decimal") return "equal";
    if (dataType === "varbinary") return "equal";
    if (dataType !== "varchar" || type !== "text" || !collation.endsWith("_bin")) return "unknown";
    return /nopad|0900/.test(collation) ? "equal" : "padded";
  });
  if (ways.includes("unknown")) return "unknown";
  // Where keys of both kinds stand together, blanks would be taken off those that keep them.
  if (!ways.includes("padded")) return "equal";
  const texts = ways.filter((_, i) => shape.columns.filter(({ key }) => key)[i]!.type === "text");
  return texts.every((way) => way === "padded") ? "padded" : "unknown";
}

/** Made once a session and shape; of another load's, whatever is there is in the way. */
async function keyTable(
  session: MysqlSession,
  words: SqlWords,
  { shape, names }: Pick<RowWriterOptions, "shape" | "names">,
): Promise<KeyTable> {
  const name = quote("_snakepipe_keys");
  const keys = shape.columns.flatMap(({ key }, i) => key ? [`{value:${i}}`] : []);
  await session.run(`DROP TEMPORARY TABLE IF EXISTS ${name}`);
  await session.run(
    `CREATE TEMPORARY TABLE ${name} (UNIQUE KEY (${names.keys.join(", ")})) ENGINE = InnoDB ` +
      `AS SELECT ${names.keys.join(", ")} FROM ${names.table} WHERE 0`,
  );
  const insert = insertText(words, {
    sql: "INSERT IGNORE INTO {staging} ({keys}) VALUES {rows}",
    row: `(${keys.join(", ")})`,
    rowsMax: 65_535,
  }, { ...names, staging: name });
  return { name, insert };
}
