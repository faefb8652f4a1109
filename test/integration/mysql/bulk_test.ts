/** How rows travel: by LOAD DATA wherever it keeps them as they are, and by INSERT in every other case. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createConnection } from "mysql2";
import { PIECE_HEADROOM } from "../../../host/codec/codec.ts";
import type { Server } from "../../../host/drivers/mysql/server.ts";
import { MysqlSession } from "../../../host/drivers/mysql/session.ts";
import { startMariadb } from "../../support/mariadb_server.ts";
import { connect, MARIADB_MISSING } from "../../support/mariadb_database.ts";
import { openHost, withFolder } from "../../support/target.ts";
import { testWhere } from "../../support/test_where.ts";
import { load, type Place, refusal, rejected, test } from "./load_case.ts";

/** A table that notes of each row which statement has brought it. */
async function makeTable({ db }: Place, columns: string): Promise<void> {
  await db.execute(
    `CREATE TABLE t (id INT PRIMARY KEY, ${columns}, how VARCHAR(4))`,
    "CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW SET NEW.how = (SELECT left(INFO, 4) " +
      "FROM information_schema.PROCESSLIST WHERE ID = connection_id())",
  );
}

async function withBulk(place: Place, bulk: string): Promise<Place> {
  const backend = await place.host.createBackend("mysql", { url: place.db.url, bulk });
  return { ...place, backend };
}

const TEXTS = [
  ...["", "\\N", "N", "NULL", "\\", "\\\\v\\f", "\t", "\n", "\r\n", "\b\v\f\0", "\u001a", "'\"`"],
  ...["a\\", "é☃𝄞", "\\0", ",;", " ends with blanks  "],
];

test("every text, and every value of another type, is by LOAD DATA what it is by INSERT", async (place) => {
  const columns = "v LONGTEXT, b TINYINT(1), x LONGBLOB, j JSON, d DECIMAL(20,5), f DOUBLE, " +
    "n BIGINT, dt DATE, tm TIME(6), ts DATETIME(6)";
  const records = [
    ...TEXTS.map((v, id) => ({ id, v })),
    {
      ...{ id: 100, v: "all", b: true, x: "\\x00ff5c0a09", j: { a: ["\\\n\u0000", 1.50] } },
      ...{ d: "12.5", f: 1e-300, n: "9007199254740993", dt: "2024-02-29" },
      ...{ tm: "12:34", ts: "2024-02-29T12:34:56.789" },
    },
    { id: 101, b: false, x: "\\x", f: -0.1, n: "-9223372036854775808", ts: "0001-01-01 00:00:00" },
  ];
  const read = "SELECT id, hex(v), b, hex(x), hex(j), d, f, n, dt, tm, ts FROM t ORDER BY id";
  const found: unknown[] = [];
  for (const bulk of ["load", "insert"]) {
    await makeTable(place, columns);
    const report = await load(await withBulk(place, bulk), records, { bytes: "hex" });
    assertEquals([report.committed, report.rejected], [records.length, 0]);
    assertEquals(await place.db.query("SELECT DISTINCT how FROM t"), [[
      bulk.slice(0, 4).toUpperCase(),
    ]]);
    found.push(await place.db.query(read));
    await place.db.execute("DROP TABLE t, _snakepipe_batch, _snakepipe_load");
  }
  assertEquals(found[0], found[1]);
  const texts = (found[0] as string[][]).slice(0, TEXTS.length).map(([, hex]) => hex);
  assertEquals(texts, TEXTS.map((text) => new TextEncoder().encode(text).toHex().toUpperCase()));
});

test("what LOAD DATA would change or leave out goes by INSERT, which refuses it", async (place) => {
  await place.db.execute("CREATE TABLE p (id INT PRIMARY KEY)", "INSERT INTO p VALUES (1)");
  await makeTable(
    place,
    "s VARCHAR(3) NOT NULL, n TINYINT, d DECIMAL(4,1), up INT, c INT CHECK (c > 0), " +
      "FOREIGN KEY (up) REFERENCES p (id)",
  );
  const bad = [
    { s: "long" },
    { s: null },
    { s: "é☃𝄞x" },
    { s: "x", n: 300 },
    { s: "x", d: "1.25" },
    { s: "x", up: 2 },
    { s: "x", c: -1 },
    { s: "abc  " },
  ];
  const records = [
    { id: 0, s: "ok", up: 1, c: 1 },
    ...bad.map((record, i) => ({ id: 10 + i, ...record })),
    { id: 0, s: "two" },
    { id: 1, s: "ok" },
  ];
  const { report, rejects } = await rejected(await withBulk(place, "auto"), records);
  assertEquals(report.committed, 2);
  assertEquals(rejects.map(({ line, column }) => `${line} ${column}`), [
    ...["2 s", "3 s", "4 s", "5 n", "6 d", "7 up", "8 c", "9 s", "10 id"],
  ]);
  assertEquals(await place.db.query("SELECT id, s, how FROM t ORDER BY id"), [
    ["0", "ok", "INSE"],
    ["1", "ok", "INSE"],
  ]);
});

test("an instant in UTC goes by LOAD DATA, another by INSERT, and both are the same", async (place) => {
  const schema = [
    { name: "id", type: "int32", nullable: false, key: false },
    { name: "at", type: "timestamptz", nullable: true, key: false },
  ] as const;
  for (const at of ["2024-02-29T12:00:00.5Z", "2024-02-29T17:30:00.5+05:30"]) {
    const place_ = await withBulk(place, "auto");
    await load(place_, [{ id: 1, at }], { schema });
    assertEquals(await place.db.query("SELECT at FROM t"), [["2024-02-29 12:00:00.500000"]]);
    await place.db.execute("DROP TABLE t, _snakepipe_batch, _snakepipe_load");
  }
});

test("a column of which the server cuts digits without a word goes by INSERT", async (place) => {
  await makeTable(place, "tm TIME");
  const { report, rejects } = await rejected(await withBulk(place, "auto"), [
    { id: 1, tm: "12:00:00.5" },
    { id: 2, tm: "12:00:00" },
  ]);
  assertEquals([report.committed, rejects.map(({ line }) => line)], [1, [1]]);
  assertEquals(await place.db.query("SELECT tm, how FROM t"), [["12:00:00", "INSE"]]);
  const error = await refusal(async () =>
    load(await withBulk(place, "load"), [{ id: 3, tm: "12:00:00" }], { fresh: true })
  );
  assertEquals(error.code, "config_invalid");
  assertStringIncludes(error.message, "No LOAD DATA can carry the values of column tm");
});

test("LOAD DATA that is insisted on is refused where a plan does more than to insert", async (place) => {
  await place.db.execute("CREATE TABLE t (id INT PRIMARY KEY, v TEXT)");
  const error = await refusal(async () =>
    load(await withBulk(place, "load"), [{ id: 1, v: "a" }], { mode: "upsert", key: ["id"] })
  );
  assertEquals(error.code, "config_invalid");
  assertStringIncludes(error.message, "does more than to insert");
  assertEquals(await place.db.query("SELECT count(*) FROM t"), [["0"]]);
});

test("no more is made of a batch than the server has room for", async ({ db }) => {
  await db.execute("CREATE TABLE t (id INT PRIMARY KEY)", "START TRANSACTION");
  await db.execute("INSERT INTO t VALUES (0)");
  const { hostname, port, username, password } = new URL(db.url);
  const connection = createConnection({
    ...{ host: hostname, port: Number(port), user: username, password, database: db.name },
  });
  const session = new MysqlSession({ connection, statementTimeoutMs: 60_000, bulk: "load" });
  session.server = { ...SERVER, packetBytesMax: 16 * 1024 * 1024 };
  const pieces = 200;
  let made = 0;
  const rows = function* () {
    for (; made < pieces; made++) yield piece(`${made}`);
  };
  try {
    // It waits for its first row until the other transaction is over.
    const loading = session.load("LOAD DATA LOCAL INFILE 'rows' INTO TABLE t", rows());
    const waits = `SELECT count(*) FROM information_schema.INNODB_LOCK_WAITS`;
    // The server looks again only where nobody has asked for a tenth of a second.
    while (Number((await db.query(waits))[0]![0]) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert(made < pieces / 2, `${made} pieces are made`);
    await db.execute("ROLLBACK");
    assertEquals(await loading, pieces);
    assertEquals(made, pieces);
  } finally {
    await session.close();
  }
});

const SERVER: Server = {
  ...{ isMariaDb: true, packetBytesMax: 0, foldsTables: false, namesRows: true },
  ...{ localInfile: true, showsStorage: true },
};

/** A row of an integer behind half a mebibyte of zeros. */
function piece(digits: string): Uint8Array {
  return new TextEncoder().encode(
    `${"-".repeat(PIECE_HEADROOM)}${digits.padStart(2 ** 19, "0")}\n`,
  );
}

testWhere(
  MARIADB_MISSING,
  "mariadb: a server whose local_infile is off is noted, or refused",
  () =>
    withFolder(async (folder) => {
      await using server = await startMariadb({ settings: { "local-infile": "OFF" } });
      await using host = await openHost();
      const client = await connect(server.url(""));
      await client.query("CREATE DATABASE d");
      const url = server.url("d");
      const place = { host, folder } as Place;
      const insisting = await host.createBackend("mysql", { url, bulk: "load" });
      const error = await refusal(() => load({ ...place, backend: insisting }, [{ id: 1 }]));
      assertEquals([error.code, error.blame], ["config_invalid", "config"]);
      assertStringIncludes(error.message, "local_infile is off");
      const [tables] = await client.query("SHOW TABLES FROM d");
      assertEquals(tables, []);
      const backend = await host.createBackend("mysql", { url });
      const report = await load({ ...place, backend }, [{ id: 1 }]);
      assertEquals(report.committed, 1);
      assertStringIncludes(report.notes.join(), "Rows go by INSERT");
      await client.end();
    }),
);

testWhere(
  MARIADB_MISSING,
  "mariadb: a server without InnoDB is refused before anything is written",
  () =>
    withFolder(async (folder) => {
      const settings = { "skip-innodb": "ON", "default-storage-engine": "Aria" };
      await using server = await startMariadb({ settings });
      await using host = await openHost();
      const client = await connect(server.url(""));
      await client.query("CREATE DATABASE d");
      const error = await refusal(async () => {
        const backend = await host.createBackend("mysql", { url: server.url("d") });
        await load({ host, folder, backend } as Place, [{ id: 1 }]);
      });
      assertEquals([error.code, error.blame], ["connection_failed", "config"]);
      assertStringIncludes(error.message, "The server lacks InnoDB");
      const [tables] = await client.query("SHOW TABLES FROM d");
      assertEquals(tables, []);
      await client.end();
    }),
);
