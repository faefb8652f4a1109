/** A key without a type keeps 1 and '1' apart: the texts of CSV must not stand beside its numbers. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { ProgramFolder } from "./program.ts";

const UPSERT = ["--to", "libsql:t.db", "--table", "t", "--mode", "upsert", "--key", "id"];

for (
  const [declared, refused] of [["", true], ["ANY", false], ["INTEGER", false], ["TEXT", false]]
) {
  Deno.test(`a number of CSV as a key declared as "${declared}" is ${refused ? "refused" : "one key"}`, async () => {
    await using program = await ProgramFolder.create({ "a.csv": "id,a\n1,csv\n" });
    {
      using database = new DatabaseSync(program.path("t.db"));
      database.exec(
        `CREATE TABLE t (id ${declared} PRIMARY KEY, a); INSERT INTO t VALUES (1, 'old')`,
      );
    }
    const { status, err } = await program.run(["load", "a.csv", ...UPSERT]);
    assertEquals(status, refused ? 3 : 0, err);
    if (refused) {
      assertStringIncludes(err, "the key has no type, so that it would stand beside that number");
    }
    const rows = program.query("t.db", "SELECT CAST(id AS TEXT), a FROM t");
    assertEquals(rows, [["1", refused ? "old" : "csv"]]);
  });
}

Deno.test("a word of CSV as a key without a type is taken, and so is a number of JSON", async () => {
  await using program = await ProgramFolder.create({
    "a.csv": "id,a\nx1,csv\n",
    "b.ndjson": '{"id":1,"a":"json"}\n',
  });
  {
    using database = new DatabaseSync(program.path("t.db"));
    database.exec("CREATE TABLE t (id PRIMARY KEY, a); INSERT INTO t VALUES (1, 'old')");
  }
  for (const file of ["a.csv", "b.ndjson"]) {
    const { status, err } = await program.run(["load", file, ...UPSERT]);
    assertEquals(status, 0, err);
  }
  assertEquals(program.query("t.db", "SELECT id, a FROM t ORDER BY a"), [["x1", "csv"], [
    1,
    "json",
  ]]);
});
