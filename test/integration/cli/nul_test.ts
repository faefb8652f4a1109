/** The option `--nul`, from the command line to what stands in the database. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { withDatabase } from "../../support/postgres_database.ts";
import { ProgramFolder } from "./program.ts";

const NDJSON = '{"id":1,"name":"a\\u0000b"}\n{"id":2,"name":"c"}\n{"id":3,"name":"\\u0000"}\n';
const CSV = 'id,name\n1,a\0b\n2,c\n3,"\0"\n';

Deno.test("load into PostgreSQL rejects U+0000, or strips or escapes it by --nul, and says so", () =>
  withDatabase(async (url, sql) => {
    await using place = await ProgramFolder.create({ "a.ndjson": NDJSON, "a.csv": CSV });
    const load = (file: string, table: string, ...more: string[]) =>
      place.run(["load", file, "--to", url, "--table", table, ...more]);
    for (const more of [[], ["--nul", "reject"]]) {
      const { status, err } = await load("a.ndjson", "t", ...more);
      assertEquals(status, 3);
      assertStringIncludes(err, "a.ndjson:1: column name: The database takes no U+0000 in text");
    }
    for (const file of ["a.ndjson", "a.csv"]) {
      const format = file.slice(2);
      const stripped = await load(file, `strip_${format}`, "--nul", "strip");
      assertEquals([stripped.status, stripped.err], [0, ""]);
      assertStringIncludes(stripped.out, "\n2 rows repaired: U+0000 stripped\n");
      const escaped = await load(file, `escape_${format}`, "--nul=escape", "--json");
      const { repaired, nul, committed } = JSON.parse(escaped.out);
      assertEquals({ repaired, nul, committed }, { repaired: 2, nul: "escape", committed: 3 });
      const names = async (rule: string) =>
        (await sql`SELECT name FROM ${sql(`${rule}_${format}`)} ORDER BY id`).map((r) => r.name);
      assertEquals(await names("strip"), ["ab", "c", ""]);
      assertEquals(await names("escape"), ["a\\u0000b", "c", "\\u0000"]);
    }
  }));

Deno.test("load into libSQL keeps U+0000 unless --nul says otherwise", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": NDJSON });
  const load = (table: string, ...more: string[]) =>
    place.run(["load", "a.ndjson", "--to", "libsql:a.db", "--table", table, ...more]);
  const kept = await load("kept");
  assertEquals(kept.status, 0);
  assert(!kept.out.includes("repaired"), kept.out);
  const escaped = await load("escaped", "--nul", "escape");
  assertStringIncludes(escaped.out, "\n2 rows repaired: U+0000 escaped\n");
  const names = (table: string) => place.query("a.db", `SELECT hex(name) FROM ${table}`).flat();
  assertEquals(names("kept"), ["610062", "63", "00"]);
  assertEquals(names("escaped"), ["615C753030303062", "63", "5C7530303030"]);
});

Deno.test("a rule for U+0000 that is none is refused by the command line", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": NDJSON });
  const { status, err } = await place.run(["load", "a.ndjson", "--nul", "keep"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "--nul: Expected reject, strip or escape");
});
