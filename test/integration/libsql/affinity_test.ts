/** Integers that are bound as numbers must be in the table as if they had been bound as bigints. */
import { assert, assertEquals } from "@std/assert";
import type { PlannedWrite } from "../../../src/plugin_api/plan.ts";
import type { Shape } from "../../../src/model/batch.ts";
import type { Cell, CellOptions, Codec } from "../../../host/codec/codec.ts";
import { createReferenceCodec } from "../../../host/codec/reference/reference_codec.ts";
import { declaredTable, numberColumns } from "../../../host/drivers/libsql/affinity.ts";
import { insertTarget } from "../../../host/drivers/libsql/names_and_types.ts";
import { libsqlDriver } from "../../../host/drivers/libsql/driver.ts";
import { openFile } from "../../../host/drivers/libsql/file_session.ts";
import {
  configOf,
  ENGINES,
  fileTarget,
  loadAll,
  orderOf,
  planOf,
  Scratch,
  shapeOf,
} from "./load_case.ts";

/** Declared types, and whether an integer may come as a number. */
const DECLARED: Readonly<Record<string, boolean>> = {
  "INTEGER": true,
  "INT": true,
  "BIGINT": true,
  "BOOLEAN INTEGER": true,
  "CHARINT": true,
  "NUMERIC": true,
  "DECIMAL(10, 2)": true,
  "BOOLEAN": true,
  "DATE": true,
  "TEXT": false,
  "DECIMAL TEXT": false,
  "VARCHAR(20)": false,
  "CLOB": false,
  "REAL": false,
  "DOUBLE PRECISION": false,
  "FLOAT": false,
  "BLOB": false,
  "": false,
};

const VALUES = [
  ...["0", "-0", "1", "-1", "9007199254740991", "-9007199254740991", "9007199254740992"],
  ...["9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808"],
];

const ddl = (types: readonly string[], suffix = ""): string =>
  `CREATE TABLE t (${types.map((type, i) => `c${i} ${type}`).join(", ")})${suffix}`;

const shapeFor = (width: number, mode: Shape["mode"] = "append"): Shape =>
  shapeOf(mode, Object.fromEntries(Array.from({ length: width }, (_, i) => [`c${i}`, "int64"])));

/** A codec that remembers for which columns it was asked for numbers, and one that makes none. */
async function codecs(): Promise<
  { watched: Codec; plain: Codec; asked: (readonly boolean[] | undefined)[] }
> {
  const codec = await createReferenceCodec();
  const asked: (readonly boolean[] | undefined)[] = [];
  return {
    asked,
    watched: {
      ...codec,
      cells: (batch, options: CellOptions) => {
        asked.push(options.numbers);
        return codec.cells(batch, options);
      },
    },
    plain: { ...codec, cells: (batch, { nul, nan }) => codec.cells(batch, { nul, nan }) },
  };
}

async function loadedBy(
  codec: Codec,
  options: {
    create: readonly string[];
    shape: Shape;
    settings: object;
  },
): Promise<Cell[][]> {
  await using scratch = new Scratch();
  await scratch.exec(...options.create);
  const config = configOf({ url: `libsql:${scratch.path()}`, ...options.settings });
  const connection = await libsqlDriver.connect(config, { codec });
  const { shape } = options;
  const plan = planOf(shape, { rowsMax: 3 });
  const rows = VALUES.map((value) => `{${shape.columns.map((c) => `"${c.name}":${value}`)}}`);
  await loadAll(connection, orderOf(shape, plan), rows);
  await connection.close();
  const columns = shape.columns.map(({ name }) => `typeof(${name}), quote(${name})`);
  return await scratch.query(`SELECT ${columns} FROM t ORDER BY rowid`);
}

for (const [engine, settings] of ENGINES) {
  Deno.test(`integers are kept alike whether they are bound as numbers or not (${engine})`, async () => {
    const types = Object.keys(DECLARED);
    for (const mode of ["append", "replace"] as const) {
      const { watched, plain, asked } = await codecs();
      const load = { create: [ddl(types)], shape: shapeFor(types.length, mode), settings };
      const kept = await loadedBy(watched, load);
      assertEquals(kept, await loadedBy(plain, load));
      assertEquals(asked, [Object.values(DECLARED)]);
      assertEquals(kept.length, VALUES.length);
      assertEquals(kept[2]!.slice(0, 2), ["integer", "1"]);
    }
  });
}

Deno.test("a strict table's integers come as numbers, and its ANY as it was sent", async () => {
  const { watched, plain, asked } = await codecs();
  const create = [ddl(["INT", "INTEGER", "ANY"], " STRICT")];
  const load = { create, shape: shapeFor(3), settings: {} };
  const kept = await loadedBy(watched, load);
  assertEquals(kept, await loadedBy(plain, load));
  assertEquals(asked, [[true, true, false]]);
  assertEquals(kept[2], ["integer", "1", "integer", "1", "integer", "1"]);
});

Deno.test("integers come as bigints where a value could go elsewhere than into its column", async () => {
  await using scratch = new Scratch();
  await scratch.exec(
    "CREATE TABLE t (c0 INTEGER PRIMARY KEY, c1 INTEGER, c2 TEXT)",
    "CREATE VIRTUAL TABLE r USING rtree(c0, c1, c2)",
  );
  const session = await openFile(fileTarget(scratch.path()));
  const shape = shapeOf("upsert", { c0: "int64 key", c1: "int64", c2: "text" });
  const { write } = planOf(shape);
  const ask = async (changes: { sql?: string; row?: string }, to: Shape = shape) => {
    const changed: PlannedWrite = { ...write, ...changes };
    const target = insertTarget(to, { sql: changed.sql, loadId: "" });
    return numberColumns(to, changed, await declaredTable(session, target));
  };
  const upsert = (set: string): { sql: string } => ({
    sql: `INSERT INTO {table} ({columns}) VALUES {rows} ON CONFLICT ({keys}) DO UPDATE SET ${set}`,
  });
  assertEquals(await ask({}), [true, true, false]);
  const append = { sql: "INSERT INTO {table} ({columns}) VALUES {rows}" };
  assertEquals(await ask(append), [true, true, false]);
  assertEquals(await ask(upsert("{col:1} = excluded.{col:1}")), [true, true, false]);
  const elsewhere = [
    { row: "({value:0}, {value:1}, {value:1} || '')" },
    { row: "({values}, 1)" },
    { sql: "INSERT INTO {table} ({col:1}, {col:0}, {col:2}) VALUES {rows}" },
    { sql: "INSERT INTO other ({columns}) VALUES {rows}" },
    upsert("{col:2} = excluded.{col:1}"),
    upsert("{col:1} = excluded.{col:1} / 2"),
    upsert("{col:1} = excluded.{col:1}, {col:2} = excluded.{col:1}"),
    upsert("{col:1} = excluded.{col:1} WHERE excluded.{col:1} > 1"),
  ];
  for (const changes of elsewhere) {
    assertEquals(await ask(changes), undefined, Object.values(changes)[0]);
  }
  const virtual = { ...shape, table: { name: "r" } };
  assertEquals(await ask({}, virtual), undefined);
  const missing = { ...shape, table: { name: "missing" } };
  assertEquals(await ask({}, missing), undefined);
  await session.close();
});

Deno.test("keys of an upsert are told apart and together as numbers as they are as bigints", async () => {
  const { watched, asked } = await codecs();
  await using scratch = new Scratch();
  const config = configOf({ url: `libsql:${scratch.path()}` });
  const connection = await libsqlDriver.connect(config, { codec: watched });
  const shape = shapeOf("upsert", { id: "int64 key", part: "boolean key", v: "int64" });
  const rows = [
    ...[`{"id":1,"part":true,"v":1}`, `{"id":1,"part":false,"v":2}`, `{"id":1,"part":true,"v":3}`],
    ...[`{"id":9007199254740993,"part":true,"v":4}`, `{"id":9007199254740992,"part":true,"v":5}`],
    ...[`{"id":-0,"part":true,"v":6}`, `{"id":0,"part":true,"v":7}`],
  ];
  const counts = await loadAll(connection, orderOf(shape), rows);
  await connection.close();
  assertEquals([counts.committed, counts.superseded], [5, 2]);
  assert(asked.every((numbers) => numbers?.every((flag) => flag)));
  assertEquals(await scratch.query("SELECT sum(v), count(*) FROM t"), [[21n, 5n]]);
});
