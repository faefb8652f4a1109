/** The option `--nul`, from the command line to what stands in the database. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FAMILIES } from "../../families/families.ts";
import { ProgramFolder } from "./program.ts";

const NDJSON = '{"id":1,"name":"a\\u0000b"}\n{"id":2,"name":"c"}\n{"id":3,"name":"\\u0000"}\n';
const CSV = 'id,name\n1,a\0b\n2,c\n3,"\0"\n';

for (const family of FAMILIES) {
  const { plugin, sql, quirks } = family;
  const what = quirks.keepsNul ? "keeps U+0000" : "rejects U+0000";

  Deno.test(`load into ${plugin} ${what}, or strips or escapes it by --nul, and says so`, () =>
    family.withDatabase(async (database) => {
      await using place = await ProgramFolder.create({ "a.ndjson": NDJSON, "a.csv": CSV });
      const load = (file: string, table: string, ...more: string[]) =>
        place.run(["load", file, "--to", database.config.url, "--table", table, ...more]);
      const names = async (table: string) => {
        const name = sql.hexOf("name");
        const rows = await database.query(`SELECT ${name} AS name FROM ${table} ORDER BY id`);
        return rows.map((row) => new TextDecoder().decode(Uint8Array.fromHex(row.name!)));
      };
      for (const more of [[], ["--nul", "reject"]]) {
        const { status, out, err } = await load("a.ndjson", "t", ...more);
        if (quirks.keepsNul && more.length === 0) {
          assertEquals(status, 0, err);
          assert(!out.includes("repaired"), out);
          assertEquals(await names("t"), ["a\0b", "c", "\0"]);
          await database.execute("DROP TABLE t");
        } else {
          assertEquals(status, 3);
          assertStringIncludes(err, "a.ndjson:1: column name: ");
          assertStringIncludes(err, "U+0000");
        }
      }
      for (const file of ["a.ndjson", "a.csv"]) {
        const format = file.slice(2);
        const stripped = await load(file, `strip_${format}`, "--nul", "strip");
        assertEquals([stripped.status, stripped.err], [0, ""]);
        assertStringIncludes(stripped.out, "\n2 rows repaired: U+0000 stripped\n");
        const escaped = await load(file, `escape_${format}`, "--nul=escape", "--json");
        const { repaired, nul, committed } = JSON.parse(escaped.out);
        assertEquals({ repaired, nul, committed }, { repaired: 2, nul: "escape", committed: 3 });
        assertEquals(await names(`strip_${format}`), ["ab", "c", ""]);
        assertEquals(await names(`escape_${format}`), ["a\\u0000b", "c", "\\u0000"]);
      }
    }));
}

Deno.test("a rule for U+0000 that is none is refused by the command line", async () => {
  await using place = await ProgramFolder.create({ "a.ndjson": NDJSON });
  const { status, err } = await place.run(["load", "a.ndjson", "--nul", "keep"]);
  assertEquals(status, 2);
  assertStringIncludes(err, "--nul: Expected reject, strip or escape");
});
