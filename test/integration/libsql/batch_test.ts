import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import {
  batchOf,
  begin,
  ENGINES,
  expectKind,
  loadAll,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";
import type { WriteResult } from "../../../src/model/backend.ts";
import type { RejectedRow } from "../../../src/model/batch.ts";
import type { Connection } from "../../../host/drivers/driver.ts";
import { writeOne } from "../../support/write_one.ts";

function rejectsOf(result: WriteResult): readonly RejectedRow[] {
  return expectKind(result, "reject").rows;
}

function ids(from: number, to: number): { id: number }[] {
  return Array.from({ length: to - from }, (_, i) => ({ id: from + i }));
}

async function countOf(scratch: Scratch, table: string): Promise<number> {
  return Number((await scratch.query(`SELECT count(*) FROM ${table}`))[0]![0]);
}

for (const [engine, settings] of [...ENGINES, ["server", undefined]] as const) {
  const connect = async (scratch: Scratch): Promise<[Connection, AsyncDisposable]> => {
    const server = startLibsqlServer(scratch.path());
    return [await scratch.connect(settings ?? { url: server.url }), server];
  };

  Deno.test(`a batch with a bad row is not written at all, and the row is named (${engine})`, async () => {
    await using scratch = new Scratch();
    await scratch.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n < 1000))");
    const [connection, server] = await connect(scratch);
    await using _ = server;
    const shape = shapeOf("append", { id: "int64", n: "int64" });
    await begin(connection, orderOf(shape, planOf(shape, { rowsMax: 40 })));
    const rows = ids(0, 250).map(({ id }) => ({ id, n: id === 177 || id === 240 ? 5_000 : id }));
    const result = await writeOne(connection, batchOf(shape, rows, { ordinal: 1_000, line: 7 }));
    const [row, ...more] = rejectsOf(result);
    assertEquals(more, []);
    assertEquals([row!.ordinal, row!.line, row!.part], [1_177, 184, "rows.ndjson"]);
    assertEquals(row!.code, "integrity");
    assert(!row!.message.includes("5000"));
    assertEquals(await countOf(scratch, "t"), 0);
    assertEquals(await countOf(scratch, "_snakepipe_batch"), 0);

    const good = await writeOne(connection, batchOf(shape, ids(0, 250)));
    assertEquals(good.kind, "written");
    assertEquals(await countOf(scratch, "t"), 250);
  });

  Deno.test(`a batch that is in is not written again (${engine})`, async () => {
    await using scratch = new Scratch();
    const [connection, server] = await connect(scratch);
    await using _ = server;
    const shape = shapeOf("append", { id: "int64" });
    await begin(connection, orderOf(shape));
    const write = async () =>
      expectKind(await writeOne(connection, batchOf(shape, ids(0, 3))), "written");
    const first = await write();
    const second = await write();
    assertEquals(second.counts, first.counts);
    assertEquals(second.contentHash, first.contentHash);
    assertEquals([first.alreadyIn, second.alreadyIn], [undefined, true]);
    assertEquals(await countOf(scratch, "t"), 3);

    for (const rows of [ids(7, 9), [{ id: "no integer" }], [{ id: 7 }, { id: "no integer" }]]) {
      const other = await writeOne(connection, batchOf(shape, rows));
      assertEquals(expectKind(other, "fatal").failure.code, "OTHER_BATCH");
    }
    assertEquals(await countOf(scratch, "t"), 3);
  });

  Deno.test(`a batch that is sent again states its rejects again (${engine})`, async () => {
    await using scratch = new Scratch();
    const [connection, server] = await connect(scratch);
    await using _ = server;
    const shape = shapeOf("append", { id: "int64" });
    const order = { ...orderOf(shape), run: crypto.randomUUID() };
    const record = await begin(connection, order);
    const kept: number[] = [];
    const write = async (attempt: { readonly kept: boolean }) => {
      const keep = (_: number, rows: readonly RejectedRow[]) =>
        Promise.resolve(void kept.push(rows.length));
      const rows = batchOf(shape, ids(0, 3));
      expectKind(await writeOne(connection, rows, { ...attempt, keep }), "written");
      return kept.splice(0);
    };
    assertEquals(await write({ kept: true }), [0], "none are left out after all");
    assertEquals(await write({ kept: true }), [], "it was this run that has committed it");
    await connection.joinLoad({ ...order, run: crypto.randomUUID() }, record);
    assertEquals(await write({ kept: true }), [0], "another run has, and keeps what it left out");
    assertEquals(await write({ kept: false }), []);
  });

  Deno.test(`a batch of a load that the database does not know is refused as a whole (${engine})`, async () => {
    await using scratch = new Scratch();
    const [connection, server] = await connect(scratch);
    await using _ = server;
    const order = orderOf(shapeOf("append", { id: "int64" }));
    await connection.prepareLoad(order);
    await connection.joinLoad(order, { id: "unknown", generation: 1 });
    const result = await writeOne(connection, batchOf(order.shape, ids(0, 3)));
    assertEquals(expectKind(result, "fatal").failure.kind, "integrity");
    assertEquals(await countOf(scratch, "t"), 0);
  });

  Deno.test(`a statement that takes fewer rows than it was sent is refused (${engine})`, async () => {
    await using scratch = new Scratch();
    const [connection, server] = await connect(scratch);
    await using _ = server;
    const shape = shapeOf("append", { id: "int64 key" });
    const plan = planOf(shape, {
      write: {
        sql: "INSERT OR IGNORE INTO {table} ({columns}) VALUES {rows}",
        row: "({values})",
        rowsMax: 10,
      },
    });
    await begin(connection, orderOf(shape, plan));
    const result = await writeOne(connection, batchOf(shape, [{ id: 1 }, { id: 1 }]));
    const { failure } = expectKind(result, "fatal");
    assertEquals(failure.code, "COUNTS_DIFFER");
    assertStringIncludes(failure.message, "sent 2 rows and took 1");
    assertEquals(await countOf(scratch, "t"), 0);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`each kind of refusal names its row, its column and no value (${engine})`, async () => {
    await using scratch = new Scratch();
    await scratch.exec(
      "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
      `CREATE TABLE t (id INTEGER PRIMARY KEY, u TEXT UNIQUE, n TEXT NOT NULL,
       p INTEGER REFERENCES parent (id), x)`,
      `CREATE TRIGGER guard BEFORE INSERT ON t WHEN new.x = 'secret'
       BEGIN SELECT raise(ABORT, 'secret is refused'); END`,
      "CREATE TABLE strict_table (id INTEGER) STRICT",
    );
    const connection = await scratch.connect(settings);
    const shape = shapeOf("append", { id: "int64", u: "text", n: "text", p: "int64", x: "text" });
    const good = (id: number) => ({ id, u: `u${id}`, n: "n", p: null, x: null });
    const cases: [string, Record<string, unknown>, string | undefined][] = [
      ["SQLITE_CONSTRAINT_PRIMARYKEY", { id: 2 }, "id"],
      ["SQLITE_CONSTRAINT_UNIQUE", { u: "u3" }, "u"],
      ["SQLITE_CONSTRAINT_NOTNULL", { n: null }, "n"],
      ["SQLITE_CONSTRAINT_FOREIGNKEY", { p: 99 }, "p"],
      ["SQLITE_CONSTRAINT_TRIGGER", { x: "secret" }, undefined],
    ];
    await begin(connection, orderOf(shape));
    for (const [name, change, column] of cases) {
      const rows = [1, 2, 3, 4, 5, 6, 7].map(good);
      rows[4] = { ...rows[4]!, ...change };
      const [row] = rejectsOf(await writeOne(connection, batchOf(shape, rows)));
      assertEquals([row!.ordinal, row!.line, row!.code], [4, 5, "integrity"], name);
      assertEquals(row!.column, column, name);
      assert(!/secret|99|u3/.test(row!.message), row!.message);
    }
    assertEquals(await countOf(scratch, "t"), 0);

    const strict = shapeOf("append", { id: "text" }, "strict_table");
    await begin(connection, orderOf(strict));
    const result = await writeOne(connection, batchOf(strict, [{ id: "1" }, { id: "one" }]));
    assertEquals(rejectsOf(result).map((r) => [r.ordinal, r.code]), [[1, "data"]]);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`an upsert on a column that has no unique constraint is the plan's fault (${engine})`, async () => {
    await using scratch = new Scratch();
    await scratch.exec("CREATE TABLE t (id INTEGER, v TEXT)");
    const connection = await scratch.connect(settings);
    const shape = shapeOf("upsert", { id: "int64 key", v: "text" });
    await begin(connection, orderOf(shape));
    const result = await writeOne(connection, batchOf(shape, [{ id: 1, v: "a" }]));
    assertEquals(expectKind(result, "fatal").failure.kind, "invalid_plan");
  });
}

Deno.test("every row that cannot be encoded is named, and nothing is written", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const shape = shapeOf("append", { id: "int64 required" });
  await begin(connection, orderOf(shape, planOf(shape, { rowsMax: 2 })));
  const rows = [{ id: 1 }, { id: "x" }, { id: 3 }, { id: 4 }, { id: 5 }, { id: null }];
  const result = await writeOne(connection, batchOf(shape, rows));
  assertEquals(rejectsOf(result).map((r) => r.ordinal), [1, 5]);
  assertEquals(await countOf(scratch, "t"), 0);
});

for (const [engine, settings] of ENGINES) {
  Deno.test(`rows gather in staging and are merged, batch after batch (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    const shape = shapeOf("upsert", { id: "int64 key", v: "text" });
    const plan = planOf(shape, {
      stage: ["CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WHERE 0"],
      merge: [
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM {staging} WHERE 1 " +
        "ON CONFLICT ({keys}) DO UPDATE SET {col:1} = excluded.{col:1}",
      ],
      write: {
        sql: "INSERT INTO {staging} ({columns}) VALUES {rows}",
        row: "({values})",
        rowsMax: 2,
      },
    });
    const order = orderOf(shape, plan, { fresh: true });
    for (let load = 0; load < 2; load++) {
      const record = await begin(connection, order);
      for (let sequence = 0; sequence < 3; sequence++) {
        const rows = [{ id: 1, v: `${sequence}` }, { id: 2, v: "x" }, { id: 1, v: `${sequence}!` }];
        const result = await writeOne(connection, batchOf(shape, rows, { sequence }));
        const { counts } = expectKind(result, "written");
        assertEquals([counts.committed, counts.superseded], [2, 1]);
      }
      const totals = { read: 9, committed: 6, superseded: 3, rejected: 0 };
      await connection.finishLoad(order, record, totals);
    }
    assertEquals(await scratch.query("SELECT id, v FROM t ORDER BY id"), [[1n, "2!"], [2n, "x"]]);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a wide row bounds the rows of a statement by its parameters (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    const spec = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`c${i}`, "int64"]));
    const shape = shapeOf("append", spec);
    const rows = ids(0, 70).map(({ id }) => ({ c0: id, c999: id }));
    const counts = await loadAll(
      connection,
      orderOf(shape, planOf(shape, { rowsMax: 65_535 })),
      rows,
    );
    assertEquals(counts.committed, 70);
    assertEquals(await scratch.query("SELECT sum(c999), count(c1) FROM t"), [[2_415n, 0n]]);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a full disk stops the load, and rejects no row (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    const shape = shapeOf("append", { id: "int64", v: "text" });
    await begin(connection, orderOf(shape));
    // The engine reports its own size limit as it does a full disk.
    await connection.run(["PRAGMA max_page_count = 20"]);
    const rows = ids(0, 2_000).map(({ id }) => ({ id, v: "x".repeat(200) }));
    const { failure } = expectKind(await writeOne(connection, batchOf(shape, rows)), "fatal");
    assertEquals([failure.kind, failure.code], ["resource", "SQLITE_FULL"]);
    assertEquals(await countOf(scratch, "t"), 0);
    expectKind(await writeOne(connection, batchOf(shape, rows.slice(0, 3))), "written");
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`a table that goes away during the load stops it (${engine})`, async () => {
    await using scratch = new Scratch();
    const connection = await scratch.connect(settings);
    const shape = shapeOf("append", { id: "int64" });
    await begin(connection, orderOf(shape));
    expectKind(await writeOne(connection, batchOf(shape, ids(0, 3))), "written");
    await scratch.exec("DROP TABLE t");
    const result = await writeOne(connection, batchOf(shape, ids(3, 6), { sequence: 1 }));
    const { failure } = expectKind(result, "fatal");
    assertEquals(failure.code, "SQLITE_ERROR");
    assertStringIncludes(failure.message, "missing");
    assertEquals(await countOf(scratch, "_snakepipe_batch"), 1);
  });
}
