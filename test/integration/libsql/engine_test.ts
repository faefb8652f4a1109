/** Which engine a file is loaded on. */
import { assert, assertEquals } from "@std/assert";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import type { EngineName } from "../../../host/drivers/libsql/engine.ts";
import type { Shape } from "../../../src/model/batch.ts";
import {
  batchOf,
  ENGINES,
  expectKind,
  fileTarget,
  loadAll,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";
import { writeOne } from "../../support/write_one.ts";

const NATIVE = { engine: "libsql" } as const;
const VECTORS = shapeOf("append", { id: "int64 key", e: "bytes" }, "v");
/** Two vectors of three floats: (1, 0, 0) and (0, 1, 0). */
const VECTOR_ROWS = [
  { id: 1, e: "\\x0000803f0000000000000000" },
  { id: 2, e: "\\x000000000000803f00000000" },
];

/** Runs statements on libSQL's engine. */
async function nativeExec(scratch: Scratch, ...statements: string[]): Promise<void> {
  const session = await openFile(fileTarget(scratch.path(), NATIVE));
  for (const sql of statements) await session.run(sql);
  await session.close();
}

/** The engine that a session of its own is given, and the first row of a query on it. */
async function look(scratch: Scratch, sql: string): Promise<[EngineName | undefined, unknown]> {
  const session = await openFile(fileTarget(scratch.path()));
  const [row] = await session.all(sql);
  const { engine } = session;
  await session.close();
  return [engine, row];
}

const VECTOR_TABLE = [
  "CREATE TABLE v (id INTEGER PRIMARY KEY, e F32_BLOB(3))",
  "CREATE INDEX v_e ON v (libsql_vector_idx(e))",
];
const NEAREST = "SELECT id FROM vector_top_k('v_e', vector32('[0, 1, 0]'), 1)";

Deno.test("a table with an index of vectors is loaded on libSQL's engine", async () => {
  for (const mode of ["append", "replace"] as const) {
    await using scratch = new Scratch();
    await nativeExec(scratch, ...VECTOR_TABLE, "INSERT INTO v VALUES (7, vector32('[0, 1, 0]'))");
    const connection = await scratch.connect();
    const shape: Shape = { ...VECTORS, mode };
    const described = await connection.describeTable({ name: "v" });
    assertEquals(described!.columns.map((c) => c.type), ["int64", "bytes"]);
    if (mode === "append") await nativeExec(scratch, "DELETE FROM v WHERE 1");
    await loadAll(connection, orderOf(shape), VECTOR_ROWS);
    assertEquals(await look(scratch, NEAREST), ["libsql", [2n]]);
    assertEquals(await scratch.query("SELECT count(*) FROM v_e_shadow"), [[2n]]);
  }
});

Deno.test("a file with a table of random rowids is loaded on libSQL's engine", async () => {
  await using scratch = new Scratch();
  await nativeExec(scratch, "CREATE TABLE t (id INTEGER, v TEXT) RANDOM ROWID");
  const shape = shapeOf("append", { id: "int64", v: "text" });
  await loadAll(await scratch.connect(), orderOf(shape), [{ id: 1, v: "a" }, { id: 2, v: "b" }]);
  assertEquals(await look(scratch, "SELECT sum(id), max(rowid) > 2 FROM t"), ["libsql", [3n, 1n]]);
});

const PLAIN: Record<string, { create: string[]; shape: Shape; dump: string }> = {
  "of full text": {
    create: ["CREATE VIRTUAL TABLE t USING fts5(title, body)"],
    shape: shapeOf("append", { title: "text", body: "text" }),
    dump: "SELECT title, body FROM t WHERE t MATCH 'snake' ORDER BY rowid",
  },
  "with generated columns": {
    create: [
      "CREATE TABLE t (id INTEGER, twice INTEGER AS (id * 2), kind TEXT AS (typeof(id)) STORED)",
    ],
    shape: shapeOf("append", { id: "int64" }),
    dump: "SELECT id, twice, kind FROM t ORDER BY rowid",
  },
  "with triggers and checks": {
    create: [
      "CREATE TABLE t (id INTEGER CHECK (typeof(id) = 'integer'), n NUMERIC)",
      "CREATE TABLE log (kind TEXT, text TEXT)",
      "CREATE TRIGGER b BEFORE INSERT ON t BEGIN INSERT INTO log VALUES (typeof(new.id), new.id || ''); END",
      "CREATE TRIGGER a AFTER INSERT ON t BEGIN INSERT INTO log VALUES (typeof(new.n), new.n || ''); END",
    ],
    shape: shapeOf("append", { id: "int64", n: "int64" }),
    dump: "SELECT kind, text FROM log ORDER BY rowid",
  },
  "that is strict and without rowid": {
    create: ["CREATE TABLE t (id INT PRIMARY KEY, a ANY, b TEXT) STRICT, WITHOUT ROWID"],
    shape: shapeOf("append", { id: "int64 key", a: "int64", b: "text" }),
    dump: "SELECT id, typeof(a), a, b FROM t ORDER BY id",
  },
  "with an index on an expression": {
    create: [
      "CREATE TABLE t (id INTEGER, v TEXT)",
      "CREATE INDEX e ON t (id || '')",
      "CREATE INDEX p ON t (v) WHERE typeof(id) = 'integer'",
    ],
    shape: shapeOf("append", { id: "int64", v: "text" }),
    dump: "SELECT id || '', v, (SELECT integrity_check FROM pragma_integrity_check) FROM t " +
      "INDEXED BY e WHERE id || '' > '' ORDER BY rowid",
  },
};

for (const [what, { create, shape, dump }] of Object.entries(PLAIN)) {
  Deno.test(`a table ${what} is loaded on SQLite's engine, and holds the same as on libSQL's`, async () => {
    const rows = Array.from(
      { length: 70 },
      (_, i) =>
        Object.fromEntries(shape.columns.map(({ name, type }, c) => [
          name,
          type === "text" ? `snake ${i} ${c}` : i * (i % 2 ? -1 : 10 ** (c + 5)),
        ])),
    );
    const dumps: unknown[] = [];
    for (const [engine, settings] of ENGINES) {
      await using scratch = new Scratch();
      await scratch.exec(...create);
      const connection = await scratch.connect(settings);
      await loadAll(connection, orderOf(shape), rows);
      assertEquals((await look(scratch, "SELECT 1"))[0], engine);
      dumps.push(await scratch.query(dump));
    }
    assertEquals(dumps[0], dumps[1]);
    assert((dumps[0] as unknown[]).length >= 70);
  });
}

Deno.test("a plan that calls a function of libSQL goes on its engine, and so does who comes next", async () => {
  await using scratch = new Scratch();
  const idle = await scratch.connect();
  await idle.run(["PRAGMA journal_mode = WAL", "PRAGMA synchronous = OFF"]);
  const shape = shapeOf("append", { id: "int64 key", e: "text" }, "v");
  const plan = planOf(shape, {
    create: ["CREATE TABLE {table} ({col:0} INTEGER PRIMARY KEY, {col:1} F32_BLOB(3))"],
    write: {
      sql: "INSERT INTO {table} ({columns}) VALUES {rows}",
      row: "({value:0}, vector32({value:1}))",
      rowsMax: 2,
    },
  });
  const connection = await scratch.connect();
  const rows = [1, 2, 3].map((id) => ({ id, e: `[${id}, 0, 0]` }));
  await loadAll(connection, orderOf(shape, plan), rows);
  assertEquals(await look(scratch, "SELECT count(*), sum(length(e)) FROM v"), ["libsql", [
    3n,
    36n,
  ]]);
  // The one that was idle has let go of the file and comes back to it.
  assertEquals((await idle.describeTable({ name: "v" }))!.columns.length, 2);
  assertEquals((await idle.probe("PRAGMA synchronous")).text, "0");
  await connection.close();
  await idle.close();
  assertEquals((await look(scratch, "SELECT 1"))[0], "sqlite");
});

Deno.test("a plan that makes a table in libSQL's own words goes on its engine", async () => {
  await using scratch = new Scratch();
  const shape = shapeOf("upsert", { id: "int64 key", v: "text" });
  const stage = ["CREATE TEMP TABLE {staging} AS SELECT {columns} FROM {table} WHERE 0"];
  const plan = planOf(shape, {
    create: ["CREATE TABLE {table} ({col:0} INT UNIQUE, {col:1} TEXT) RANDOM ROWID"],
    stage,
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
  const connection = await scratch.connect();
  await loadAll(connection, orderOf(shape, plan), [{ id: 1, v: "a" }, { id: 1, v: "b" }]);
  assertEquals(await look(scratch, "SELECT id, v FROM t"), ["libsql", [1n, "b"]]);
});

for (const when of ["before a load joins", "during a load", "before it is finished"] as const) {
  Deno.test(`an index of vectors that another program makes ${when} is kept`, async () => {
    await using scratch = new Scratch();
    await scratch.exec(VECTOR_TABLE[0]!);
    const connection = await scratch.connect();
    await connection.run(["PRAGMA journal_mode = WAL"]);
    const shape: Shape = {
      ...VECTORS,
      mode: when === "before it is finished" ? "replace" : "append",
    };
    const order = orderOf(shape);
    const makeIndex = () => otherProgram(scratch.path(), VECTOR_TABLE[1]!);
    const { record } = await connection.prepareLoad(order);
    if (when === "before a load joins") await makeIndex();
    await connection.joinLoad(order, record);
    for (const [sequence, row] of VECTOR_ROWS.entries()) {
      if (when === "during a load" && sequence === 1) await makeIndex();
      expectKind(await writeOne(connection, batchOf(shape, [row], { sequence })), "written");
    }
    if (when === "before it is finished") await makeIndex();
    const totals = { read: 2, committed: 2, superseded: 0, rejected: 0 };
    await connection.finishLoad(order, record, totals);
    await connection.close();
    assertEquals(await look(scratch, NEAREST), ["libsql", [2n]]);
    assertEquals(await look(scratch, "SELECT count(*) FROM v_e_shadow"), ["libsql", [2n]]);
  });
}

/** Runs a statement on libSQL's engine in a process of its own. */
async function otherProgram(path: string, sql: string): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", new URL("./other_program.ts", import.meta.url).href, path, sql],
    stderr: "inherit",
  }).output();
  assert(success);
}
