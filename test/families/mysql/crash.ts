/** MySQL under trial: databases of one server of MariaDB. */
import { join } from "@std/path";
import { type Place, type Places, readAsText } from "../../crash/place.ts";
import { connect, testServerUrl } from "../../support/mariadb_database.ts";
import { startMariadb } from "../../support/mariadb_server.ts";
import type { CrashFamily } from "../crash_family.ts";
import { COMMIT_PROTOCOL } from "./commit_protocol.ts";

/** See {@linkcode CrashFamily}. Errors have numbers: a deadlock, a full disk, one that says nothing. */
export const crash: CrashFamily = {
  faults: [
    { kind: "cut", moment: "before", passes: true },
    { kind: "cut", moment: "after", passes: true },
    { kind: "refuse", moment: "before", code: "1213", passes: true },
    { kind: "refuse", moment: "before", code: "1114", passes: false, error: "resource_exhausted" },
    { kind: "refuse", moment: "before", code: "1105", passes: false, error: "database_failed" },
  ],
  commitFaults: [{ kind: "cut", moment: "before" }, { kind: "cut", moment: "after" }],
  openPlaces,
  hold: lockTable,
  impatient: () => [],
  writesFiles: false,
  // [FATAL] InnoDB: Error (Out of disk space) in rollback
  placeIn: { untried: "a server of MariaDB ends itself where a table's disk is full" },
  openServer: async () => {
    // What is in has left the process, so that it survives it.
    const server = await startMariadb({ settings: { "innodb-flush-log-at-trx-commit": "2" } });
    return {
      url: server.url(""),
      crash: () => server.halt("crash"),
      start: () => server.start(),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  },
  commits: COMMIT_PROTOCOL,
};

/** ER_LOCK_DEADLOCK. */
const DEADLOCK = 1213;
/** How often one statement is tried. */
const ATTEMPTS_MAX = 10;

function openPlaces(
  { folder, serverUrl = testServerUrl() }: {
    readonly folder: string;
    readonly serverUrl?: string;
  },
): Promise<Places> {
  const name = `snakepipe_crash_${crypto.randomUUID().slice(0, 8)}`;
  let count = 0;
  return Promise.resolve({
    next: () => makePlace({ serverUrl, folder, database: `${name}_${++count}` }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** Each question has a session of its own: the server may have been down since the last. */
async function makePlace(
  { serverUrl, folder, database }: {
    readonly serverUrl: string;
    readonly folder: string;
    readonly database: string;
  },
): Promise<Place> {
  const ask = async (sql: string, within = database) => {
    const client = await connect(serverUrl + within);
    try {
      return (await client.query({ sql, rowsAsArray: true }))[0];
    } finally {
      client.destroy();
    }
  };
  await ask(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`, "");
  const rows = async (sql: string) => readAsText(await ask(sql) as unknown[][]);
  // A program that was killed may be in the way until the server has noticed: then nothing was done.
  const execute = async (sql: string): Promise<void> => {
    for (let attempt = 1;; attempt++) {
      try {
        return void await ask(sql);
      } catch (error) {
        if ((error as { errno?: unknown }).errno !== DEADLOCK || attempt === ATTEMPTS_MAX) {
          throw error;
        }
      }
    }
  };
  const rejects = join(folder, `${database}.rejects`);
  return {
    url: serverUrl + database,
    table: "t",
    rejects,
    columns: "id bigint NOT NULL, label text, amount bigint CHECK (amount >= 0)",
    sqlName: (table) => table,
    tables: async () => (await rows("SHOW TABLES")).map(([name]) => name!),
    rows,
    execute,
    // Each that makes or drops a table commits.
    executeAll: async (statements) => void await ask(statements.join("; ")),
    remove: async () => {
      await execute(`DROP DATABASE ${database}`);
      await Deno.remove(rejects).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    },
  };
}

async function lockTable(place: Place): Promise<() => Promise<void>> {
  const client = await connect(place.url);
  await client.query(`LOCK TABLES ${place.sqlName("t")} READ`);
  return () => Promise.resolve(client.destroy());
}
