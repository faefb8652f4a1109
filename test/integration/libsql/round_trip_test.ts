import { assert, assertEquals } from "@std/assert";
import { startLibsqlServer } from "../../support/libsql_remote.ts";
import { loadAll, orderOf, Scratch, shapeOf } from "./load_case.ts";

const SHAPE = shapeOf("append", {
  id: "int64 key",
  text: "text",
  number: "int64",
  double: "float64",
  decimal: "decimal",
  truth: "boolean",
  nested: "json",
  blob: "bytes",
});

const TEXTS = [
  `quotes ' " \``,
  "tabs\tand\nnewlines\r\n",
  "back\\slashes \\n",
  "emoji 🐍 and é",
  "U+0000 \0 within",
  "",
  "{table} ?1 $1 :x ); DROP TABLE t; --",
];
const NUMBERS = ["9007199254740993", "-9223372036854775808", "9223372036854775807", "0"];

function records(): string[] {
  return [
    ...TEXTS.map((text, i) => `{"id":${i},"text":${JSON.stringify(text)}}`),
    ...NUMBERS.map((number, i) => `{"id":${100 + i},"number":${number}}`),
    `{"id":200,"double":0.1,"decimal":123456789012345678901234567890.12345678901234567890}`,
    `{"id":201,"double":5e-324,"truth":true,"nested":{"a":[1,null,{"b":"\\u0000"}],"n":1.10}}`,
    `{"id":202,"double":null,"truth":false,"text":null,"blob":"\\\\x0001ff"}`,
    `{"id":203,"blob":""}`,
  ];
}

for (const engine of ["sqlite", "libsql", "http", "websocket"] as const) {
  Deno.test(`rows are read back equal (${engine})`, async () => {
    await using scratch = new Scratch();
    await using server = startLibsqlServer(scratch.path());
    const connection = await scratch.connect(
      {
        sqlite: {},
        libsql: { engine },
        http: { url: server.url },
        websocket: { url: server.webSocketUrl },
      }[engine],
    );
    const counts = await loadAll(connection, orderOf(SHAPE), records());
    assertEquals(counts, { read: 15, committed: 15, superseded: 0, rejected: 0 });
    await connection.close();

    const decoder = new TextDecoder();
    // As bytes: the engine cuts a text at U+0000 when it is read.
    const texts = await scratch.query(
      "SELECT cast(text AS blob) FROM t WHERE id < 100 ORDER BY id",
    );
    assertEquals(texts.map(([t]) => decoder.decode(t as Uint8Array)), TEXTS);
    const numbers = await scratch.query(
      "SELECT number FROM t WHERE id >= 100 AND id < 200 ORDER BY id",
    );
    assertEquals(numbers.map(([n]) => n), NUMBERS.map(BigInt));
    assertEquals(await scratch.query("SELECT double, decimal FROM t WHERE id = 200"), [
      [0.1, "123456789012345678901234567890.12345678901234567890"],
    ]);
    assertEquals(await scratch.query("SELECT double, truth, nested FROM t WHERE id = 201"), [
      [5e-324, 1n, `{"a":[1,null,{"b":"\\u0000"}],"n":1.10}`],
    ]);
    assertEquals(await scratch.query("SELECT double, truth, text, blob FROM t WHERE id = 202"), [
      [null, 0n, null, new Uint8Array([0, 1, 255])],
    ]);
    assertEquals(await scratch.query("SELECT typeof(blob), typeof(text) FROM t WHERE id = 203"), [
      ["blob", "null"],
    ]);
  });
}

Deno.test("names are quoted, whatever stands in them", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const shape = shapeOf("upsert", {
    'k"ey': "text key",
    "select; --": "text",
    "{columns}": "text",
  });
  const odd = { ...shape, table: { name: `ta"ble '{rows}` } };
  await loadAll(connection, orderOf(odd), [{ 'k"ey': "a", "select; --": "b", "{columns}": "c" }]);
  assertEquals(await scratch.query(`SELECT * FROM "ta""ble '{rows}"`), [["a", "b", "c"]]);
});

Deno.test("a row template may name columns in another order, and twice", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const shape = shapeOf("append", { a: "text", b: "text" });
  const order = orderOf(shape);
  const plan = {
    ...order.plan,
    write: {
      sql: "INSERT INTO {table} ({col:1}, {col:0}) VALUES {rows}",
      row: "({value:1}, {value:0})",
      rowsMax: 2,
    },
  };
  await loadAll(connection, { ...order, plan }, [1, 2, 3].map((i) => ({ a: `a${i}`, b: `b${i}` })));
  assertEquals(await scratch.query("SELECT a, b FROM t ORDER BY a"), [
    ["a1", "b1"],
    ["a2", "b2"],
    ["a3", "b3"],
  ]);
});

Deno.test("the load row and the ledger row say what was done", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const order = orderOf(shapeOf("append", { id: "int64" }));
  await loadAll(connection, order, [{ id: 1 }, { id: 2 }]);
  await loadAll(connection, { ...order, fresh: true }, [{ id: 3 }]);
  const loads = await scratch.query(
    "SELECT table_name, source, generation, state, mode, rows_committed, finished_at >= started_at " +
      "FROM _snakepipe_load ORDER BY generation",
  );
  assertEquals(loads, [
    ["t", "rows.ndjson", 1n, "complete", "append", 2n, 1n],
    ["t", "rows.ndjson", 2n, "complete", "append", 1n, 1n],
  ]);
  const [batch] = await scratch.query(
    "SELECT sequence, ordinal_first, rows_read, committed, part, byte_first, byte_end, content_hash " +
      "FROM _snakepipe_batch WHERE rows_read = 2",
  );
  assertEquals(batch!.slice(0, 7), [0n, 0n, 2n, 2n, "rows.ndjson", 0n, 18n]);
  assert(/^[0-9a-f]{16}$/.test(String(batch![7])));
});
