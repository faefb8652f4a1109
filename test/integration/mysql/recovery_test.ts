/** What becomes of a load when somebody dies, changes the table, or an answer is lost. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createServer, type Socket } from "node:net";
import { connect as connectTcp } from "node:net";
import { ndjson } from "../../../mod.ts";
import { lines, load, type Place, refusal, test } from "./load_case.ts";

const ROWS = Array.from({ length: 5_000 }, (_, id) => ({ id, name: `row ${id}` }));

async function sums({ db }: Place): Promise<string[][]> {
  return await db.query("SELECT count(*), count(DISTINCT id), sum(id) FROM t") as string[][];
}

/** Ends every session of the database but our own, as a failing server would. */
async function killAll({ db }: Place): Promise<void> {
  const found = await db.query(
    `SELECT ID FROM information_schema.PROCESSLIST WHERE DB = '${db.name}' AND ID <> connection_id()`,
  );
  for (const [id] of found) await db.execute(`KILL ${id}`).catch(() => {});
}

test("a load whose sessions are killed over and over is complete, and nothing is twice", async (place) => {
  let batches = 0;
  const killing: Promise<void>[] = [];
  const report = await load(place, ROWS, {
    batchRowsMax: 250,
    onProgress: () => void (++batches % 5 === 0 && killing.push(killAll(place))),
  });
  await Promise.all(killing);
  assert(killing.length > 1);
  assertEquals(report.state, "complete");
  assertEquals(await sums(place), [["5000", "5000", "12497500"]]);
  assertEquals(await place.db.query("SELECT sum(committed) FROM _snakepipe_batch"), [["5000"]]);
});

test("a load that was stopped goes on where it stopped", async (place) => {
  const stop = new AbortController();
  let batches = 0;
  const stopped = await refusal(() =>
    load(place, ROWS, {
      batchRowsMax: 250,
      connections: 1,
      signal: stop.signal,
      onProgress: () => void (++batches === 4 && stop.abort()),
    })
  );
  assertEquals(stopped.code, "cancelled");
  const [[before]] = await sums(place) as [[string]];
  assert(Number(before) > 0 && Number(before) < 5_000);
  const report = await load(place, ROWS, { batchRowsMax: 250 });
  assertEquals([report.skipped, report.committed], [Number(before), 5_000 - Number(before)]);
  assertEquals(await sums(place), [["5000", "5000", "12497500"]]);
});

/** Passes everything on, but for the answer to one COMMIT of a session that has written batches. */
function losingProxy(port: number, after: number) {
  let commits = 0;
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connectTcp(port, "127.0.0.1");
    let writes = false;
    let swallow = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
    }
    client.on("data", (data) => {
      if (data.includes("INSERT INTO") && data.includes("_snakepipe_batch")) writes = true;
      if (writes && data.includes("\x03COMMIT") && ++commits === after) swallow = true;
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      if (!swallow) return void client.write(data);
      lost++;
      client.destroy();
      upstream.destroy();
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  return {
    listen: () =>
      new Promise<number>((resolve) =>
        server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port))
      ),
    lost: () => lost,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

for (const mode of ["append", "upsert", "replace"] as const) {
  test(`a COMMIT whose answer is lost is settled by the ledger, ${mode}`, async (place) => {
    // Five of batches, and the one that ends the load.
    for (const after of [1, 3, 5, 6]) {
      const proxy = losingProxy(Number(new URL(place.db.url).port), after);
      try {
        const url = new URL(place.db.url);
        url.port = String(await proxy.listen());
        const backend = await place.host.createBackend("mysql", { url: url.href, tls: "disable" });
        await place.db.execute("DROP TABLE IF EXISTS t");
        const options = {
          ...{ table: "t", mode, batchRowsMax: 1_000, connections: 1, fresh: true },
          ...(mode === "upsert" ? { key: ["id"] } : {}),
        };
        const file = await lines(place, ROWS);
        const report = await place.host.load(ndjson(file), backend, options);
        assertEquals(report.state, "complete");
        assertEquals(await sums(place), [["5000", "5000", "12497500"]], `COMMIT ${after}`);
        assertEquals(proxy.lost(), 1, `COMMIT ${after}`);
      } finally {
        await proxy.close();
      }
    }
    const aside = await place.db.query("SHOW TABLES LIKE '%aside%'");
    assertEquals(aside, []);
  });
}

const CHANGES: readonly (readonly [what: string, sql: string[]])[] = [
  ["truncated and filled by somebody else", [
    "TRUNCATE t",
    "INSERT INTO t SELECT seq, 'theirs' FROM seq_1_to_300",
  ]],
  ["made again and filled by somebody else", [
    "CREATE TABLE u LIKE t",
    "DROP TABLE t",
    "RENAME TABLE u TO t",
    "INSERT INTO t SELECT seq, 'theirs' FROM seq_1_to_50",
  ]],
];

for (const [what, statements] of CHANGES) {
  test(`a load does not go on with a table that was ${what}`, async (place) => {
    await load(place, ROWS.slice(0, 200));
    await place.db.execute(...statements);
    const error = await refusal(() => load(place, ROWS.slice(0, 300)));
    assertEquals(error.code, "table_changed");
    assertStringIncludes(error.message, "--same-table");
  });

  test(`nor does one of a user who may not see where tables are stored, who counts rows: ${what}`, async (place) => {
    const name = `u${crypto.randomUUID().slice(0, 8)}`;
    await place.db.execute(
      `CREATE USER ${name}@'%' IDENTIFIED BY 'pw'`,
      `GRANT ALL ON ${place.db.name}.* TO ${name}@'%'`,
    );
    try {
      const backend = await place.host.createBackend("mysql", {
        url: place.db.urlAs(`${name}:pw`),
      });
      const own = { ...place, backend };
      await load(own, ROWS.slice(0, 200));
      assertEquals((await load(own, ROWS.slice(0, 250))).committed, 50);
      await place.db.execute(...statements.slice(0, -1));
      await place.db.execute("INSERT INTO t SELECT seq, 'theirs' FROM seq_1_to_50");
      const error = await refusal(() => load(own, ROWS.slice(0, 300)));
      assertEquals(error.code, "table_changed");
      assertStringIncludes(error.message, "holds 50 rows");
    } finally {
      await place.db.execute(`DROP USER ${name}@'%'`);
    }
  });
}

test("an emptied table is filled again", async (place) => {
  await load(place, ROWS.slice(0, 200));
  await place.db.execute("TRUNCATE t");
  assertEquals((await load(place, ROWS.slice(0, 200))).committed, 200);
});

test("loads that begin at once make the host's tables once", async (place) => {
  const loads = await Promise.all([1, 2, 3].map(async (i) => {
    const file = await lines(place, ROWS.slice(0, 100), `${i}.ndjson`);
    return await place.host.load(ndjson(file), place.backend, { table: `t${i}` });
  }));
  assertEquals(loads.map(({ committed }) => committed), [100, 100, 100]);
});

test("a transaction that is gone by its COMMIT is not taken for committed", async ({ db }) => {
  const { createConnection } = await import("mysql2");
  const { MysqlSession } = await import("../../../host/drivers/mysql/session.ts");
  const { hostname, port, username, password } = new URL(db.url);
  const connection = createConnection({
    ...{ host: hostname, port: Number(port), user: username, password, database: db.name },
  });
  await db.execute("CREATE TABLE t (id INT PRIMARY KEY)");
  const session = new MysqlSession({ connection, statementTimeoutMs: 10_000, bulk: "auto" });
  await session.begin();
  await session.run("INSERT INTO t VALUES (1)");
  // Whoever else ends it: here, DDL.
  await session.run("CREATE TABLE u (id INT)");
  const error = await session.commit().then(() => undefined, (error) => error);
  assertEquals(error?.code, "TRANSACTION_LOST");
  await session.close();
});
