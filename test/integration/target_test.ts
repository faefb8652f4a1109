/** What a load says of its table, on every database that it concerns: refused, noted, or understood. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError, type LoadOptions, rows } from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";

const ROWS = [{ id: 1, name: "a" }];

async function on(
  kind: string,
  act: (
    target: Target,
    load: (options: LoadOptions) => Promise<readonly string[]>,
  ) => Promise<void>,
  records: readonly Record<string, unknown>[] = ROWS,
): Promise<void> {
  await TARGET_KINDS.find(({ name }) => name === kind)!.use(async (target) => {
    await using host = await openHost();
    const backend = await host.createBackend(target.type, target.config);
    await act(target, async (options) => {
      const { notes } = await host.load(rows(records), backend, options);
      return notes;
    });
    await backend.close();
  });
}

async function refusal(work: Promise<unknown>): Promise<LoadError> {
  return await assertRejects(() => work, LoadError);
}

Deno.test("a table made beside one of the same letters is noted (postgresql)", () =>
  on("postgresql", async (target, load) => {
    await target.execute("CREATE TABLE users (id bigint, name text)");
    const notes = await load({ table: "Users" });
    assertEquals(notes.length, 1);
    assertStringIncludes(notes[0]!, "Table users is another than Users, which is made again");
    assertEquals(await load({ table: "Users", fresh: true }), []);
  }));

Deno.test("a schema that is missing is named (postgresql)", () =>
  on("postgresql", async (_target, load) => {
    const error = await refusal(load({ table: "nowhere.t" }));
    assertEquals(error.code, "table_missing");
    assertStringIncludes(error.message, "nowhere.t");
    assertStringIncludes(error.message, "there is no such schema: create it, or name another one");
  }));

Deno.test("fields in other letters than the columns are refused with the pair (postgresql)", () =>
  on("postgresql", async (target, load) => {
    await target.execute('CREATE TABLE t ("ID" bigint, name text)');
    const error = await refusal(load({ table: "t" }));
    assertEquals(error.code, "column_missing");
    assertStringIncludes(
      error.message,
      "tells upper and lower case apart: id and ID are two names",
    );
  }));

Deno.test("fields mean the columns that differ in the case of letters alone (libsql)", () =>
  on("libsql", async (target, load) => {
    await target.execute(
      "CREATE TABLE t (ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, n INT DEFAULT 7)",
    );
    await target.execute("INSERT INTO t VALUES (1, 'old', 3)");
    await load({ table: "T", mode: "upsert", key: ["Id"] });
    assertEquals((await target.query("SELECT * FROM t")).map((row) => ({ ...row })) as unknown, [
      { ID: 1, Name: "a", n: 3 },
    ]);
    await load({ table: "t", mode: "replace" });
    assertEquals((await target.query("SELECT * FROM t")).map((row) => ({ ...row })) as unknown, [
      { ID: 1, Name: "a", n: 7 },
    ]);
    // Two fields for one column are never a guess.
    const error = await refusal(load({ table: "t", schema: SCHEMA_OF_BOTH }));
    assertStringIncludes(error.message, "To the database these are one column: Id and id");
  }));

const SCHEMA_OF_BOTH = ["id", "Id"].map((name) => ({
  name,
  type: "int64" as const,
  nullable: true,
  key: false,
}));

Deno.test("a column that keeps no trailing zeros is noted (libsql)", () =>
  on("libsql", async (target, load) => {
    await target.execute("CREATE TABLE t (id INTEGER, name DECIMAL(20,2))");
    const [note, ...others] = await load({ table: "t" });
    assertStringIncludes(note!, "Column name, declared as DECIMAL(20,2), keeps numbers");
    assertEquals(others, []);
  }, [{ id: 1, name: 1.5 }]));
