/**
 * Indexes that are dropped before rows come and made again when all are in. A replace does both in the
 * transaction that ends it. Into an empty table, an append drops them as it begins, and their definitions
 * stand in a table of the host's own until they are there again: whichever load into that table ends
 * next, or is given up, makes them.
 */
import { tableLabel } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { LoadOrder, LoadRecord } from "../driver.ts";
import type { Cell } from "../../codec/codec.ts";
import type { SecondaryIndex } from "./family.ts";
import type { HostTables } from "./host_tables.ts";
import { isEmpty } from "./is_empty.ts";

/** Creates the table of their definitions. */
export function indexDdl({ index, words: { types, tableOptions = "" } }: HostTables): string {
  return `CREATE TABLE IF NOT EXISTS ${index.text} (
  table_name ${types.name} NOT NULL,
  index_name ${types.name} NOT NULL,
  load_id ${types.id} NOT NULL,
  table_identity ${types.text} NOT NULL,
  statements ${types.json} NOT NULL,
  dropped_at ${types.time} NOT NULL,
  PRIMARY KEY (table_name, index_name)
) ${tableOptions}`;
}

/** Whether a load makes indexes at its end, and so wants the table. */
export function keepsIndexes({ shape: { mode }, indexes }: LoadOrder): boolean {
  return indexes === "after" && mode === "append";
}

/** Refuses loads that cannot do without indexes. @throws {LoadError} `config_invalid` */
export function checkIndexes({ family, table }: HostTables, { shape, indexes }: LoadOrder): void {
  if (indexes !== "after") return;
  const { secondaryIndexes } = family;
  const why = typeof secondaryIndexes === "string"
    ? secondaryIndexes
    : shape.mode === "upsert"
    ? "an upsert finds the rows that are there by them"
    : undefined;
  if (why !== undefined) throw refused(`Indexes of ${tableLabel(table)} cannot wait: ${why}`);
}

/**
 * Drops those that decide nothing, before the first row of a load into a table that is there. Returns
 * what stays, as sentences.
 *
 * @throws {LoadError} `config_invalid` where the table has rows
 */
export async function dropBefore(
  host: HostTables,
  order: LoadOrder,
  { id }: LoadRecord,
): Promise<readonly string[]> {
  if (!keepsIndexes(order)) return await staying(host, order);
  const { going, notes, identity } = await sorted(host);
  // The first DROP locks the table: whoever is writing to it is waited for, and then seen.
  await dropAll(host, going);
  if (!await isEmpty(host)) {
    throw refused(
      `Indexes of ${tableLabel(host.table)} cannot wait for its rows: it has some already`,
    );
  }
  for (const { name, make } of going) {
    await host.run`
DELETE FROM ${host.index} WHERE table_name = ${host.place.tableName} AND index_name = ${name}`;
    await host.run`
INSERT INTO ${host.index} (table_name, index_name, load_id, table_identity, statements, dropped_at)
VALUES (${host.place.tableName}, ${name}, ${id}, ${identity}, ${
      JSON.stringify(make)
    }, ${host.now})`;
  }
  return notes;
}

/** Drops those that decide nothing while a replace moves its rows, and returns what makes them again. */
export async function dropWhile(
  host: HostTables,
  { indexes }: LoadOrder,
): Promise<readonly string[]> {
  if (indexes !== "after") return [];
  const { going } = await sorted(host);
  await dropAll(host, going);
  return going.flatMap(({ make }) => make);
}

/** How many are kept of the target; none where no load has ever dropped any. */
export async function keptIndexes(host: HostTables): Promise<number> {
  const [row] = await host.all`
SELECT count(*) FROM ${host.index} WHERE table_name = ${host.place.tableName}`;
  return Number(row![0]);
}

/** Forgets those of a table that is gone, and its indexes with it. */
export async function forgetIndexes(host: HostTables): Promise<void> {
  await host.run`DELETE FROM ${host.index} WHERE table_name = ${host.place.tableName}`;
}

/** Makes those again that are kept of the target; one that is there by now is left as it is. */
export async function makeKept(host: HostTables): Promise<void> {
  const rows = await host.all`
SELECT index_name, table_identity, statements FROM ${host.index}
WHERE table_name = ${host.place.tableName} ORDER BY index_name`;
  if (rows.length === 0) return;
  const { identity, indexes } = await read(host);
  const there = new Set(indexes.map(({ name }) => name));
  for (const [name, of, statements] of rows) {
    // Those of a table that was dropped since went with it.
    if (of !== identity || there.has(String(name))) continue;
    for (const sql of readStatements(host, statements!)) await host.session.run(sql);
  }
  await forgetIndexes(host);
}

/**
 * What makes an index, as one statement that does nothing else: the table is one that others may have
 * written to. No statement ends without a semicolon for another to begin.
 */
const ONE_DEFINITION = /^(CREATE INDEX|COMMENT ON INDEX)\s[^;]*$/i;

function readStatements({ index }: HostTables, kept: Cell): readonly string[] {
  const statements: unknown = JSON.parse(String(kept));
  const isOne = (sql: unknown): sql is string =>
    typeof sql === "string" && ONE_DEFINITION.test(sql);
  if (Array.isArray(statements) && statements.every(isOne)) return statements;
  throw new LoadError(
    `Table ${index.text} has a statement that is not the definition of an index: nothing of it is ` +
      "run; remove its row, and make the index by hand where it is missing",
    { code: "table_refused", blame: "database" },
  );
}

async function read({ session, family: { secondaryIndexes }, place, table }: HostTables) {
  if (typeof secondaryIndexes === "string") return { identity: "", indexes: [] };
  return await secondaryIndexes.read(session, { place, table });
}

async function sorted(host: HostTables) {
  const { identity, indexes: found } = await read(host);
  const indexes = found.map((index) =>
    index.stays !== undefined || index.make.every((sql) => ONE_DEFINITION.test(sql))
      ? index
      : { ...index, stays: "its definition, or its comment, has a semicolon" }
  );
  const going = indexes.filter(({ stays }) => stays === undefined);
  const staying = indexes.filter(({ stays }) => stays !== undefined);
  const notes = staying.map(({ name, stays }) =>
    `Index ${name} stays while rows are loaded: ${stays}`
  );
  return { identity, going, notes };
}

async function staying(host: HostTables, { indexes }: LoadOrder): Promise<readonly string[]> {
  return indexes === "after" ? (await sorted(host)).notes : [];
}

async function dropAll({ session }: HostTables, going: readonly SecondaryIndex[]): Promise<void> {
  for (const { drop } of going) await session.run(drop);
}

function refused(message: string): LoadError {
  return new LoadError(`${message}; leave out --indexes after`, {
    code: "config_invalid",
    blame: "config",
  });
}
