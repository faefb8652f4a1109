/**
 * A file by ranges, written while it is read; the same file in batches that are read before, and written
 * in one pass; and in batches each of which is encoded by itself, by the other way that a driver has.
 */
import { assertEquals, assertRejects } from "@std/assert";
import type postgres from "postgres";
import type { Source } from "../../../host/sources/source.ts";
import type { Host, LoadOptions, LoadReport } from "../../../mod.ts";
import { csv, type CsvOptions } from "../../../host/sources/csv.ts";
import { ndjson } from "../../../host/sources/ndjson.ts";
import { LoadStoppedError } from "../../../src/load/report.ts";
import { logTo } from "../../../src/model/log.ts";
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
  /** How often the log has told what of batches. */
  readonly told: Map<string, number>;
}

/** Makes one, and removes it again. */
export async function withPlace(act: (place: Place) => Promise<void>): Promise<void> {
  await withDatabase((url, sql) =>
    withFolder(async (folder) => {
      const audit = `${folder}/audit.ndjson`;
      const told = new Map<string, number>();
      logTo((category, text) => {
        if (category === "batch") told.set(text, (told.get(text) ?? 0) + 1);
      });
      try {
        await using host = await openHost({ audit });
        await act({ host, url, sql, path: `${folder}/rows.ndjson`, audit, told });
      } finally {
        logTo(undefined);
      }
    })
  );
}

/** How it is loaded: as CSV, where it says so. */
export type Loaded = LoadOptions & {
  readonly copyFormat?: string;
  readonly bulk?: string;
  readonly csv?: CsvOptions;
  /** Makes another source of the file's. */
  readonly through?: (source: Source) => Source;
};

/** Loads the file. */
export async function load(place: Place, table: string, options: Loaded): Promise<LoadReport> {
  const { copyFormat = "auto", bulk = "auto", csv: dialect, through, ...rest } = options;
  const source = dialect ? csv(place.path, dialect) : ndjson(place.path);
  const settings = { url: place.url, copyFormat, bulk };
  const backend = await place.host.createBackend("postgresql", settings);
  try {
    return await place.host.load(through?.(source) ?? source, backend, {
      table,
      load: table,
      ...rest,
    });
  } finally {
    await backend.close();
  }
}

/** A limit of rows that no batch meets: the batches are read before they are written. */
export const READ_BEFORE = { batchRowsMax: 120_000 };

/** The same, and each of them is encoded by itself. */
export const ENCODED = { ...READ_BEFORE, bulk: "insert" };

/** How many batches were written in one pass from where they had been read to, and how many otherwise. */
export function written({ told }: Place): { readonly onePass: number; readonly encoded: number } {
  return { onePass: told.get("written in one pass") ?? 0, encoded: told.get("written") ?? 0 };
}

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

/** Loads the text in all three ways and holds them against each other. Returns how many ranges there were. */
export async function compare(
  place: Place,
  text: string | Uint8Array,
  options: Loaded,
  ddl = DDL,
): Promise<number> {
  if (typeof text === "string") await Deno.writeTextFile(place.path, text);
  else await Deno.writeFile(place.path, text);
  for (const table of ["range", "read", "encoded"]) {
    await place.sql.unsafe(`DROP TABLE IF EXISTS ${table}; CREATE TABLE ${table} ${ddl}`);
  }
  const fresh = { ...options, fresh: true };
  const before = await streamed(place).catch(() => 0);
  const range = await load(place, "range", fresh);
  const count = await streamed(place) - before;
  const earlier = written(place);
  const read = await load(place, "read", { ...fresh, ...READ_BEFORE });
  assertEquals(await streamed(place) - before, count, "the other was read before");
  const later = written(place);
  // What is streamed of a file is streamed of its batches.
  if (count === range.batches) {
    assertEquals([later.onePass - earlier.onePass, later.encoded], [count, earlier.encoded]);
  }
  const encoded = await load(place, "encoded", { ...fresh, ...ENCODED });
  assertEquals(written(place).onePass, later.onePass, "each of them was encoded by itself");
  const of = ({ state, read, committed, bytes, batches, repaired, notes }: LoadReport) => ({
    ...{ state, read, committed, bytes, batches, repaired, notes },
  });
  assertEquals(of(range), of(read));
  assertEquals(of(range), of(encoded));
  const generations = "DELETE FROM _snakepipe_load WHERE generation < (SELECT max(generation) " +
    "FROM _snakepipe_load o WHERE o.source = _snakepipe_load.source)";
  await place.sql.unsafe(generations);
  const content = await contentOf(place, "range");
  assertEquals(content, await contentOf(place, "read"));
  assertEquals(content, await contentOf(place, "encoded"));
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
