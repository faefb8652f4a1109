/**
 * Tables of an earlier version, in which a batch was known by its number: they are renewed where they
 * stand, within the transaction that prepares a load.
 */
import { LoadError } from "../../../src/errors.ts";
import { type HostTables, Verbatim } from "./host_tables.ts";
import { batchDdl } from "./ledger.ts";
import { rejectDdl } from "./reject_table.ts";

/** What stands for the first byte of a row that is known by its number alone; see `replay_ledger.ts`. */
const OF_ORDINAL = new Verbatim("(0 - ordinal - 1)");
const OF_SEQUENCE = new Verbatim("((0 - sequence / 1000 - 1) * 1000 + sequence % 1000)");

/** The loads that replay rejects: each of their batches is one row. */
const REPLAYS = new Verbatim("source LIKE 'replay of %'");

/** Names of a table's columns; none where it is not there. */
export async function columnsOf(
  { session, words }: HostTables,
  { text }: Verbatim,
): Promise<readonly string[]> {
  const { columnsOf } = words;
  const rows = typeof columnsOf === "string"
    ? await session.all(columnsOf, [text])
    : await session.all(columnsOf(text));
  return rows.map(([name]) => String(name));
}

/**
 * Renews the host's tables where the ledger, which has these columns, is of the earlier version.
 *
 * @throws {LoadError} `database_failed` where it has a batch twice
 */
export async function renewEarlier(host: HostTables, columns: readonly string[]): Promise<void> {
  // A stranger's table of this name is none of ours to change.
  if (columns.includes("run_id") || !columns.includes("row_marks")) return;
  const { load, batch, reject, session } = host;
  await checkTwice(host);
  await session.run(`ALTER TABLE ${load.text} ADD COLUMN table_state ${host.words.types.text}`);
  await host.run`
UPDATE ${batch} SET byte_first = ${OF_SEQUENCE}, byte_end = ${OF_SEQUENCE} + byte_end
WHERE load_id IN (SELECT id FROM ${load} WHERE ${REPLAYS})`;
  if (host.words.spellTables !== undefined) await session.run(host.words.spellTables);
  await renew(host, batch, {
    added: { left_out: host.words.types.text, run_id: host.words.types.id },
    key: "load_id, part, byte_first",
    ddl: batchDdl,
    columns,
  });
  const rejectColumns = await columnsOf(host, reject);
  if (rejectColumns.length === 0 || rejectColumns.includes("byte")) return;
  await renew(host, reject, {
    added: { byte: host.words.types.integer },
    fill: "byte",
    key: "load_id, part, byte",
    ddl: rejectDdl,
    columns: rejectColumns,
  });
}

/** What a table lacks. */
interface Renewal {
  /** Types of the columns that are added. */
  readonly added: Readonly<Record<string, string>>;
  /** The one of them that gets what a row's number stands for, and is never NULL. */
  readonly fill?: string;
  /** The columns of its key. */
  readonly key: string;
  readonly ddl: (host: HostTables) => string;
  /** Those that it has. */
  readonly columns: readonly string[];
}

async function renew(host: HostTables, table: Verbatim, renewal: Renewal): Promise<void> {
  const { added, fill, key, ddl, columns } = renewal;
  const { session, words } = host;
  const name = table === host.batch ? "_snakepipe_batch" : "_snakepipe_reject";
  if (words.newKey) {
    for (const [column, type] of Object.entries(added)) {
      await session.run(`ALTER TABLE ${table.text} ADD COLUMN ${column} ${type}`);
    }
    if (fill !== undefined) {
      await session.run(`UPDATE ${table.text} SET ${fill} = ${OF_ORDINAL.text}`);
    }
    for (const sql of words.newKey({ quoted: table.text, name }, key)) await session.run(sql);
    return;
  }
  const earlier = words.quote(`${name}_earlier`);
  await session.run(`ALTER TABLE ${table.text} RENAME TO ${earlier}`);
  await session.run(ddl(host));
  const names = columns.join(", ");
  const filled = fill === undefined ? ["", ""] : [`, ${fill}`, `, ${OF_ORDINAL.text}`];
  await session.run(
    `INSERT INTO ${table.text} (${names}${filled[0]}) SELECT ${names}${filled[1]} FROM ${earlier}`,
  );
  await session.run(`DROP TABLE ${earlier}`);
}

/** Two programs could load a batch under two numbers: what the table holds of it is not for us to mend. */
async function checkTwice(host: HostTables): Promise<void> {
  const [twice] = await host.all`
SELECT load_id, part, byte_first FROM ${host.batch}
WHERE load_id NOT IN (SELECT id FROM ${host.load} WHERE ${REPLAYS})
GROUP BY load_id, part, byte_first HAVING count(*) > 1 LIMIT 1`;
  if (!twice) return;
  const [load, part, byte] = twice.map(String);
  throw new LoadError(
    `The ledger is of an earlier version, and has the batch at byte ${byte} of ${part} twice: its ` +
      "rows were loaded by two programs at once. Take one copy of them out of the table, and one of " +
      `the two rows out of _snakepipe_batch (load_id ${load}), then run the command again`,
    { code: "database_failed", blame: "database" },
  );
}
