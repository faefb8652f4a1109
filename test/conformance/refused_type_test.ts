/** Types that no manifest gets: each keeps another value than a text that it was given, as the database shows. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { wordFaults } from "../../src/plan_policy/dialect_words.ts";
import { TARGET_KINDS } from "../support/target.ts";

/** A type, a text, what is kept of it, and what has to be made first. */
type Kept = readonly [type: string, text: string, kept: string, before?: string];

const KEPT: Readonly<Record<string, readonly Kept[]>> = {
  postgres: [
    ["tsvector", "hello world  ", "'hello' 'world'"],
    ["tsquery", "a  &  b", "'a' & 'b'"],
    ["oid", "-1", "4294967295"],
    ["oidvector", "-1", "4294967295"],
    ["xid", "-1", "4294967295"],
    ["cid", "-1", "4294967295"],
    ["xid8", "-1", "18446744073709551615"],
    ["interval", "0.0000004 s", "00:00:00"],
    ["timetz", "12:00:00.1234567+00", "12:00:00.123457+00"],
    [
      "tsrange",
      "[2020-01-01 00:00:00.0000004,2021-01-01]",
      '["2020-01-01 00:00:00","2021-01-01 00:00:00"]',
    ],
    ["point", "(0.12345678901234567890,1)", "(0.12345678901234568,1)"],
    ["circle", "<(0.12345678901234567890,1),1>", "<(0.12345678901234568,1),1>"],
    ["money", "1.005", "$1.01"],
    ["hstore", "a=>1, a=>2", '"a"=>"1"', "CREATE EXTENSION hstore"],
    ["cube", "(0.12345678901234567890)", "(0.12345678901234568)", "CREATE EXTENSION cube"],
    ["name", "x".repeat(70), "x".repeat(63)],
  ],
  mysql: [
    ["year", "5", "2005"],
  ],
  duckdb: [
    ["interval", "0.0000004 seconds", "00:00:00"],
    ["timetz", "12:00:00.1234567+00", "12:00:00.123456+00"],
  ],
};

for (const { name, family, use } of TARGET_KINDS) {
  const kept = KEPT[family.name];
  if (!kept) continue;
  Deno.test(`words: ${name}: a type that keeps another value than it is given is granted to nobody`, () =>
    use(async (target) => {
      const { dialect } = await loadDriver(family.name);
      for (const [type, text, said, before] of kept) {
        if (before !== undefined) await target.execute(before);
        const asked = { kind: "type", name: type, rest: "" } as const;
        assertEquals(wordFaults([asked], dialect).length, 1, `${type} could be granted`);
        await target.execute(`CREATE TABLE kept (a ${type})`);
        await target.execute(`INSERT INTO kept (a) VALUES ('${text}')`);
        const [row] = await target.query(`SELECT ${target.textOf("a")} AS a FROM kept`);
        assertEquals(row!.a, said, type);
        assertNotEquals(row!.a, text);
        await target.execute("DROP TABLE kept");
      }
    }));
}
