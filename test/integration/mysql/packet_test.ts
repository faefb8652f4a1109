/** A server that takes small packets: rows travel in as many as they need, and one that is too large is left out. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { startMariadb } from "../../support/mariadb_server.ts";
import { connect, MARIADB_MISSING, type MariadbDatabase } from "../../support/mariadb_database.ts";
import { openHost, withFolder } from "../../support/target.ts";
import { testWhere } from "../../support/test_where.ts";
import { load, type Place, rejected } from "./load_case.ts";

const PACKET_BYTES = 16_384;

testWhere(
  MARIADB_MISSING,
  "mariadb: a server of small packets takes all rows but one that is too large",
  async () => {
    await using server = await startMariadb({
      settings: { "max-allowed-packet": `${PACKET_BYTES}` },
    });
    const client = await connect(server.url(""));
    await client.query("CREATE DATABASE d; USE d");
    const query = async (sql: string) => {
      const [rows] = await client.query({ sql, rowsAsArray: true });
      return (rows as unknown[][]).map((row) => row.map(String));
    };
    const execute = async (...statements: string[]) => {
      for (const sql of statements) await client.query(sql);
    };
    const db = { query, execute } as MariadbDatabase;
    await using host = await openHost();
    for (const check of [checkPackets, checkStatements, checkRow]) {
      for (const bulk of ["load", "insert"]) {
        await execute("DROP TABLE IF EXISTS t, _snakepipe_load, _snakepipe_batch");
        await execute("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)");
        const backend = await host.createBackend("mysql", { url: server.url("d"), bulk });
        await withFolder((folder) => check({ db, host, backend, folder }));
      }
    }
    await client.end();
  },
);

/** More packets than a byte counts. */
async function checkPackets(place: Place): Promise<void> {
  const records = Array.from({ length: 1_500 }, (_, id) => ({ id, v: `${id} `.repeat(800) }));
  const report = await load(place, records);
  assertEquals([report.committed, report.rejected], [1_500, 0]);
  const found = await place.db.query(
    "SELECT count(*), min(v = repeat(concat(id, ' '), 800)) FROM t",
  );
  assertEquals(found, [["1500", "1"]]);
}

/** Each quote is two in a statement: none is so large that its rows are sent once more in parts. */
async function checkStatements(place: Place): Promise<void> {
  const parts = async () =>
    Number((await place.db.query("SHOW GLOBAL STATUS LIKE 'Com_rollback_to_savepoint'"))[0]![1]) +
    Number((await place.db.query("SHOW GLOBAL STATUS LIKE 'Com_rollback'"))[0]![1]);
  const before = await parts();
  const records = Array.from({ length: 300 }, (_, id) => ({ id, v: "'".repeat(10 * id) }));
  const report = await load(place, records);
  assertEquals([report.committed, report.rejected], [300, 0]);
  assertEquals(await place.db.query("SELECT sum(length(v)) FROM t"), [["448500"]]);
  assertEquals(await parts(), before);
}

async function checkRow(place: Place): Promise<void> {
  const records = Array.from({ length: 40 }, (_, id) => ({
    id,
    v: "x".repeat(id === 20 ? 2 * PACKET_BYTES : PACKET_BYTES / 4),
  }));
  const { report, rejects } = await rejected(place, records);
  assertEquals([report.committed, report.rejected], [39, 1]);
  assertEquals(rejects.map(({ line }) => line), [21]);
  assertStringIncludes(rejects[0]!.message, "max_allowed_packet");
}
