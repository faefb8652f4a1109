/** What the host writes into its own tables, and what it refuses before it does. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import { writeOne } from "../../support/write_one.ts";
import { batchOf, begin, expectKind, orderOf, Scratch, shapeOf } from "./load_case.ts";

Deno.test("rejected rows go into their table by the hundreds, and whatever their bytes are", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const shape = shapeOf("append", { id: "int64" });
  const order = orderOf(shape, undefined, { rejectTable: true });
  await begin(connection, order);
  const rows = Array.from(
    { length: 8_000 },
    (_, i) => i % 2 === 0 ? { id: i } : `{"id": "\\u0000"}`,
  );
  const result = await writeOne(connection, batchOf(shape, rows), { rejectsMax: 5_000 });
  assertEquals(expectKind(result, "written").counts.rejected, 4_000);
  assertEquals(
    await scratch.query(
      `SELECT count(*), sum(ordinal), min(record), count(rejected_at) FROM _snakepipe_reject`,
    ),
    [[4_000n, 16_000_000n, new TextEncoder().encode('{"id": "\\u0000"}'), 4_000n]],
  );
});

Deno.test("a load that has begun has committed no row yet, in the table of loads too", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  await begin(connection, orderOf(shapeOf("append", { id: "int64" })));
  assertEquals(
    await scratch.query("SELECT state, rows_committed, finished_at FROM _snakepipe_load"),
    [["running", 0n, null]],
  );
});

Deno.test("names that the database or the host has no place for are refused before anything is made", async () => {
  await using scratch = new Scratch();
  const connection = await scratch.connect();
  const cases: [string, string][] = [
    ["x".repeat(1_025), "1025 bytes long"],
    ["_snakepipe_ordinal", "which the loader keeps"],
    ["a\0b", "U+0000"],
  ];
  for (const [name, why] of cases) {
    const order = orderOf(shapeOf("append", { [name]: "int64" }));
    const error = await assertRejects(() => connection.prepareLoad(order), LoadError);
    assertEquals(error.code, "name_refused");
    assertStringIncludes(error.message, why);
  }
  assertEquals(await scratch.query("SELECT count(*) FROM sqlite_schema"), [[0n]]);
});

Deno.test("a row that may wait for its parent is tried again alone before it is refused", async () => {
  await using scratch = new Scratch();
  await scratch.exec(
    "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
    "CREATE TABLE t (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent (id))",
  );
  const connection = await scratch.connect();
  const shape = shapeOf("append", { id: "int64", p: "int64" });
  await begin(connection, orderOf(shape, undefined, { concurrent: true }));
  const batch = batchOf(shape, [{ id: 1, p: 7 }]);
  const first = await writeOne(connection, batch, { alone: false });
  assertEquals(expectKind(first, "retry").alone, true);
  expectKind(await writeOne(connection, batch), "reject");
  await scratch.exec("INSERT INTO parent VALUES (7)");
  expectKind(await writeOne(connection, batch), "written");
});
