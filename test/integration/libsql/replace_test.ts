import { assertEquals, assertRejects } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import {
  batchOf,
  begin,
  ENGINES,
  loadAll,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";
import { writeOne } from "../../support/write_one.ts";

const SHAPE = shapeOf("replace", { id: "int64", v: "text" });

async function seeded(scratch: Scratch): Promise<void> {
  await scratch.exec(
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT CHECK (v <> 'bad'))",
    "CREATE INDEX t_v ON t (v)",
    "CREATE VIEW seen AS SELECT v FROM t",
    "CREATE TABLE log (n INTEGER)",
    "CREATE TRIGGER logged AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END",
    "INSERT INTO t VALUES (1, 'old')",
  );
}

async function asides(scratch: Scratch): Promise<number> {
  const rows = await scratch.query(
    "SELECT name FROM sqlite_schema WHERE name LIKE '\\_snakepipe\\_aside\\_%' ESCAPE '\\'",
  );
  return rows.length;
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`replace swaps the rows and keeps views, indexes and triggers (${engine})`, async () => {
    await using scratch = new Scratch();
    await seeded(scratch);
    const connection = await scratch.connect(settings);
    await loadAll(connection, orderOf(SHAPE), [{ id: 1, v: "new" }, { id: 2, v: "newer" }]);
    assertEquals(await scratch.query("SELECT v FROM seen ORDER BY v"), [["new"], ["newer"]]);
    assertEquals(await scratch.query("SELECT count(*) FROM log"), [[3n]]);
    assertEquals(await scratch.query("SELECT name FROM pragma_index_list('t')"), [["t_v"]]);
    assertEquals(await asides(scratch), 0);
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`replace keeps the old table whole until its end, and when it is abandoned (${engine})`, async () => {
    await using scratch = new Scratch();
    await seeded(scratch);
    const connection = await scratch.connect(settings);
    const order = orderOf(SHAPE);
    const record = await begin(connection, order);
    await writeOne(connection, batchOf(SHAPE, [{ id: 7, v: "new" }]));
    assertEquals(await scratch.query("SELECT v FROM t"), [["old"]]);
    await connection.abandonLoad(order, record);
    assertEquals(await scratch.query("SELECT v FROM t"), [["old"]]);
    assertEquals(await asides(scratch), 0);
    assertEquals(
      await scratch.query("SELECT state, rows_committed FROM _snakepipe_load"),
      [["failed", 1n]],
    );
  });
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`replace keeps the old table whole when the finish fails (${engine})`, async () => {
    await using scratch = new Scratch();
    await seeded(scratch);
    const connection = await scratch.connect(settings);
    const order = orderOf(SHAPE);
    const record = await begin(connection, order);
    await writeOne(connection, batchOf(SHAPE, [{ id: 1, v: "good" }, { id: 2, v: "bad" }]));
    const totals = { read: 2, committed: 2, superseded: 0, rejected: 0 };
    const error = await assertRejects(
      () => connection.finishLoad(order, record, totals),
      LoadError,
    );
    assertEquals([error.code, error.vendorCode], ["rows_rejected", "SQLITE_CONSTRAINT_CHECK"]);
    assertEquals(await scratch.query("SELECT v FROM t"), [["old"]]);
    assertEquals(await scratch.query("SELECT state FROM _snakepipe_load"), [["running"]]);
  });
}

Deno.test("a load whose counts differ is not finished", async () => {
  await using scratch = new Scratch();
  await seeded(scratch);
  const connection = await scratch.connect();
  const order = orderOf(SHAPE);
  const two = [{ id: 1, v: "a" }, { id: 2, v: "b" }];
  const totals = { read: 2, committed: 2, superseded: 0, rejected: 0 };
  const attempt = async (spoil: () => Promise<void>, changed = order) => {
    const record = await begin(connection, changed);
    await writeOne(connection, batchOf(SHAPE, two));
    await spoil();
    const error = await assertRejects(
      () => connection.finishLoad(changed, record, totals),
      LoadError,
    );
    assertEquals(error.code, "counts_differ");
    assertEquals(await scratch.query("SELECT v FROM t"), [["old"]]);
  };
  await attempt(() => scratch.exec("DELETE FROM _snakepipe_batch"));
  await attempt(async () => {
    const [row] = await scratch.query(
      "SELECT name FROM sqlite_schema WHERE name LIKE '%aside%' AND type = 'table'",
    );
    await scratch.exec(`DELETE FROM "${row![0]}" WHERE id = 2`);
  });
  const filtered = planOf(SHAPE, {
    finish: [
      "DELETE FROM {table}",
      "INSERT INTO {table} ({columns}) SELECT {columns} FROM {aside} LIMIT 1",
    ],
  });
  await attempt(() => Promise.resolve(), orderOf(SHAPE, filtered));
  const added = planOf(SHAPE, {
    finish: ["INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {aside}"],
  });
  // The old row of id 1 is replaced, so put another one that would stay.
  await scratch.exec("UPDATE t SET id = 9");
  await attempt(() => Promise.resolve(), orderOf(SHAPE, added));
});

Deno.test("what an earlier replace has left aside does not get in the way", async () => {
  await using scratch = new Scratch();
  await seeded(scratch);
  const connection = await scratch.connect();
  await begin(connection, orderOf(SHAPE));
  await writeOne(connection, batchOf(SHAPE, [{ id: 5, v: "left" }]));
  await loadAll(connection, orderOf(SHAPE), [{ id: 6, v: "new" }]);
  assertEquals(await scratch.query("SELECT id FROM t"), [[6n]]);
  assertEquals(await asides(scratch), 0);
});
