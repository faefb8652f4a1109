/** PostgreSQL under trial: schemas of one database of its server. */
import { join } from "@std/path";
import postgres from "postgres";
import { type Place, type Places, readAsText } from "../../crash/place.ts";
import { serverUser } from "../../support/server_user.ts";
import { testServerUrl } from "../../support/postgres_database.ts";
import { startPostgres } from "../../support/postgres_server.ts";
import type { CrashFamily } from "../crash_family.ts";
import { COMMIT_PROTOCOL } from "./commit_protocol.ts";

const CLIENT = { fetch_types: false, onnotice: () => {} };

/** See {@linkcode CrashFamily}. */
export const crash: CrashFamily = {
  faults: [
    { kind: "cut", moment: "before", passes: true },
    { kind: "cut", moment: "after", passes: true },
    { kind: "refuse", moment: "before", code: "40001", passes: true },
    { kind: "refuse", moment: "before", code: "53100", passes: false, error: "resource_exhausted" },
    { kind: "refuse", moment: "before", code: "XX000", passes: false, error: "database_failed" },
  ],
  commitFaults: [{ kind: "cut", moment: "before" }, { kind: "cut", moment: "after" }],
  openPlaces,
  hold: lockTable,
  impatient: () => [],
  writesFiles: false,
  placeIn: tablespaceIn,
  openServer: async () => {
    const server = await startPostgres();
    return {
      url: server.superuserUrl,
      crash: () => server.halt("immediate"),
      start: () => server.start(),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  },
  commits: COMMIT_PROTOCOL,
};

/** The database is created on the server, and dropped at the end. */
async function openPlaces(
  { folder, serverUrl = testServerUrl() }: {
    readonly folder: string;
    readonly serverUrl?: string;
  },
): Promise<Places> {
  const name = `snakepipe_crash_${crypto.randomUUID().slice(0, 8)}`;
  const admin = postgres(serverUrl, { ...CLIENT, max: 1 });
  await admin.unsafe(`CREATE DATABASE ${name} STRATEGY FILE_COPY`);
  const url = serverUrl.replace(/\/[^/]*$/, `/${name}`);
  const sql = postgres(url, { ...CLIENT, max: 4 });
  let count = 0;
  return {
    async next() {
      const schema = `place${++count}`;
      await sql.unsafe(`CREATE SCHEMA ${schema}`);
      return placeOf(sql, { url, schema, rejects: join(folder, `${schema}.rejects`) });
    },
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 });
      await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.end({ timeout: 5 });
    },
  };
}

function placeOf(
  sql: postgres.Sql,
  { url, schema, rejects }: Pick<Place, "url" | "rejects"> & { readonly schema: string },
): Place {
  const rows = async (text: string) =>
    readAsText([...await sql.unsafe(text).values()] as unknown[][]);
  const execute = async (text: string) => void await sql.unsafe(text);
  return {
    url,
    table: `${schema}.t`,
    rejects,
    columns: "id bigint NOT NULL, label text, amount bigint CHECK (amount >= 0)",
    sqlName: (table) => `${schema}.${table}`,
    tables: async () => {
      const found = await rows(
        `SELECT tablename::text FROM pg_tables WHERE schemaname = '${schema}'`,
      );
      return found.map(([name]) => name!);
    },
    rows,
    execute,
    // What comes in one message is one transaction.
    executeAll: (statements) => execute(statements.join("; ")),
    remove: async () => {
      await sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
      await Deno.remove(rejects).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    },
  };
}

async function lockTable(place: Place): Promise<() => Promise<void>> {
  const sql = postgres(place.url, { ...CLIENT, max: 1 });
  await sql.unsafe("BEGIN");
  await sql.unsafe(`LOCK TABLE ${place.sqlName("t")} IN SHARE MODE`);
  let released: Promise<void> | undefined;
  return () => released ??= sql.unsafe("COMMIT").then(() => sql.end());
}

/** Only the table is in it: a server that finds no room for its log goes down as a whole. */
async function tablespaceIn(folder: string, places: Places) {
  const data = join(folder, "data");
  await Deno.mkdir(data);
  const user = serverUser();
  if (user) {
    await Deno.chmod(folder, 0o755);
    await Deno.chown(data, user.uid, user.gid);
  }
  const place = await places.next();
  const space = `tight_${crypto.randomUUID().slice(0, 8)}`;
  await place.execute(`CREATE TABLESPACE ${space} LOCATION '${data}'`);
  return {
    place,
    tableTail: `TABLESPACE ${space}`,
    async [Symbol.asyncDispose]() {
      await place.remove();
      await place.execute(`DROP TABLESPACE ${space}`);
    },
  };
}
