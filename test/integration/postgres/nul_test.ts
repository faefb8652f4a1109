/** U+0000, which PostgreSQL takes in no text: what stands there by each rule, however rows are sent. */
import { assertEquals } from "@std/assert";
import { withDatabase } from "../../support/postgres_database.ts";
import { column, connected, load, ofKind, order, planOf, shape } from "./fixture.ts";

const DDL = "id bigint PRIMARY KEY, name text, doc jsonb, source json";
const COLUMNS = [
  column("id!", "int64"),
  column("name?", "text"),
  column("doc?", "json"),
  column("source?", "json"),
];
/** U+0000, beside what must not be taken for it. */
const RECORDS = [
  '{"id":1,"name":"a\\u0000\\tb\\\\","doc":{"k\\u0000":["\\u0000","\\\\u0000"]},"source":["\\u0000"]}',
  '{"id":2,"name":"\\\\u0000","doc":"\\\\u0000","source":1}',
  '{"id":3,"name":"\\u0000"}',
];

const PLAN = planOf("append", DDL, 2);
const WAYS: readonly (readonly [string, Record<string, string>])[] = [
  ["COPY text", { bulk: "copy", copyFormat: "text" }],
  ["COPY binary", { bulk: "copy", copyFormat: "binary" }],
  ["INSERT", { bulk: "insert" }],
];

for (const [how, settings] of WAYS) {
  Deno.test(`U+0000 is stripped or escaped in texts and JSON by ${how}`, () =>
    withDatabase((url, sql) =>
      connected({ url, ...settings }, async (connection) => {
        const o = order(shape("append", COLUMNS), PLAN);
        const results = await load(connection, { ...o, nul: "strip" }, [RECORDS]);
        assertEquals(ofKind(results[0], "written").repaired, 2);
        const names = async () =>
          (await sql`SELECT name, doc::text, source::text FROM nodes ORDER BY id`)
            .map((row) => Object.values(row));
        assertEquals(await names(), [
          ["a\tb\\", '{"k": ["", "\\\\u0000"]}', '[""]'],
          ["\\u0000", '"\\\\u0000"', "1"],
          ["", null, null],
        ]);
        await sql`TRUNCATE nodes`;
        await load(connection, { ...o, source: "again", nul: "escape" }, [RECORDS]);
        assertEquals(await names(), [
          ["a\\u0000\tb\\", '{"k\\\\u0000": ["\\\\u0000", "\\\\u0000"]}', '["\\\\u0000"]'],
          ["\\u0000", '"\\\\u0000"', "1"],
          ["\\u0000", null, null],
        ]);
        // As a text of its own it is the six characters again.
        const [first] = await sql`SELECT doc #>> '{k\\\\u0000,0}' AS text FROM nodes ORDER BY id`;
        assertEquals(first!.text, "\\u0000");
      })
    ));
}
