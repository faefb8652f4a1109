/** A file by ranges, written while it is read, and the same file in batches that are read before. */
import { assertEquals, assertRejects } from "@std/assert";
import type postgres from "postgres";
import type { Host, LoadOptions, LoadReport } from "../../../mod.ts";
import { csv, type CsvOptions } from "../../../host/sources/csv.ts";
import { ndjson } from "../../../host/sources/ndjson.ts";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { withDatabase } from "../../support/postgres_database.ts";
import { openHost, withFolder } from "../../support/target.ts";

/** Columns of a table for rows of many forms. */
export const DDL = "(id bigint, name text, amount numeric, ok boolean, attrs json)";

/** A database, a host, and the file that is loaded. */
export interface Place {
  readonly host: Host;
  readonly url: string;
  readonly sql: postgres.Sql;
  readonly path: string;
  readonly audit: string;
}

/** Makes one, and removes it again. */
export async function withPlace(act: (place: Place) => Promise<void>): Promise<void> {
  await withDatabase((url, sql) =>
    withFolder(async (folder) => {
      const audit = `${folder}/audit.ndjson`;
      await using host = await openHost({ audit });
      await act({ host, url, sql, path: `${folder}/rows.ndjson`, audit });
    })
  );
}

/** How it is loaded: as CSV, where it says so. */
export type Loaded = LoadOptions & { readonly copyFormat?: string; readonly csv?: CsvOptions };

/** Loads the file. */
export async function load(place: Place, table: string, options: Loaded): Promise<LoadReport> {
  const { copyFormat = "auto", csv: dialect, ...rest } = options;
  const source = dialect ? csv(place.path, dialect) : ndjson(place.path);
  const backend = await place.host.createBackend("postgresql", { url: place.url, copyFormat });
  try {
    return await place.host.load(source, backend, { table, load: table, ...rest });
  } finally {
    await backend.close();
  }
}

/** A limit of rows that no batch meets: the batches are read before they are written. */
export const READ_BEFORE = { batchRowsMax: 120_000 };

/** What is the same however it is loaded. */
export async function contentOf({ sql }: Place, table: string): Promise<unknown> {
  const rows = await sql.unsafe(`SELECT t::text AS row FROM ${table} t ORDER BY 1`);
  const ledger = await sql.unsafe(
    `SELECT byte_first, byte_end, rows_read, committed, rejected, superseded, ordinal_first, sequence,
  content_hash, encode(row_marks, 'hex') AS marks, left_out
FROM _snakepipe_batch b JOIN _snakepipe_load l ON l.id = b.load_id
WHERE l.source = '${table}' ORDER BY byte_first`,
  );
  return { rows: rows.map(({ row }) => row), ledger: ledger.map((row) => ({ ...row })) };
}

/** How many batches were written while they were read: nobody knows the number of their first row. */
export async function streamed({ audit }: Place): Promise<number> {
  const events = (await Deno.readTextFile(audit)).trim().split("\n").map((line) =>
    JSON.parse(line)
  );
  return events.filter(({ event, ordinal }) => event === "batch" && ordinal === undefined).length;
}

/** Loads the text both ways and holds the one against the other. Returns how many were streamed. */
export async function compare(
  place: Place,
  text: string | Uint8Array,
  options: Loaded,
  ddl = DDL,
): Promise<number> {
  if (typeof text === "string") await Deno.writeTextFile(place.path, text);
  else await Deno.writeFile(place.path, text);
  for (const table of ["range", "read"]) {
    await place.sql.unsafe(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} ${ddl}`);
  }
  const fresh = { ...options, fresh: true };
  const before = await streamed(place).catch(() => 0);
  const range = await load(place, "range", fresh);
  const count = await streamed(place) - before;
  const read = await load(place, "read", { ...fresh, ...READ_BEFORE });
  assertEquals(await streamed(place) - before, count, "the other was read before");
  const of = ({ state, read, committed, bytes, batches, repaired, notes }: LoadReport) => ({
    ...{ state, read, committed, bytes, batches, repaired, notes },
  });
  assertEquals(of(range), of(read));
  const generations = "DELETE FROM _snakepipe_load WHERE generation < (SELECT max(generation) " +
    "FROM _snakepipe_load o WHERE o.source = _snakepipe_load.source)";
  await place.sql.unsafe(generations);
  assertEquals(await contentOf(place, "range"), await contentOf(place, "read"));
  return count;
}

/** What a load stops with that is not to be taken. */
export async function refusal(place: Place, table: string, options: Loaded): Promise<unknown> {
  await place.sql.unsafe(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} ${DDL}`);
  await place.sql.unsafe(`CREATE UNIQUE INDEX ON ${table} (id)`);
  const error = await assertRejects(
    () => load(place, table, { ...options, fresh: true, connections: 1 }),
    LoadStoppedError,
  );
  const rows = await place.sql.unsafe(`SELECT id FROM ${table} ORDER BY id`);
  return {
    code: error.code,
    message: error.message.replaceAll(table, "t"),
    rows: rows.map(({ id }) => id),
  };
}
