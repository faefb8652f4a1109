/** Patterns, and what fits them. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { Column } from "../../../src/model/batch.ts";
import { misfitOf } from "../../../src/plan_policy/pattern_match.ts";
import { parsePattern } from "../../../src/plan_policy/statement_pattern.ts";
import { parseTemplate } from "../../../src/plan_policy/slot.ts";
import { tokensOf } from "../../../src/plan_policy/token.ts";

const COLUMNS: readonly Column[] = [
  { name: "a", type: "int64", nullable: false, key: true },
  { name: "b", type: "text", nullable: true, key: false },
  { name: "c", type: "text", nullable: true, key: false },
];

/** Why a statement does not fit; undefined if it does. */
function misfit(pattern: string, sql: string, columns = COLUMNS): string | undefined {
  const tokens = tokensOf(parseTemplate(sql, columns.length));
  if (typeof tokens === "string") return tokens;
  return misfitOf(
    tokens,
    parsePattern(pattern, { type: "<INT | DOUBLE PRECISION | CHAR ( # )>" }),
    {
      columns,
    },
  )?.message;
}

const FITTING: readonly (readonly [pattern: string, ...statements: string[]])[] = [
  ["SELECT #", "SELECT 1", "select  42", "Select\n7"],
  ["SELECT 0", "SELECT 0", "SELECT 00"],
  ["DROP TABLE [IF EXISTS] {table}", "DROP TABLE {table}", "drop table if exists {table}"],
  ["a = #10-20", "a = 10", "a = 20", "A=0015"],
  ["SET x <TO | => <ON | OFF>", "SET x TO on", "set X = off"],
  ["PRAGMA a = [-] #", "PRAGMA a = 5", "PRAGMA a=-5"],
  ["( each( {col} %type ) )", "({col:0} int, {col:1} double precision, {col:2} char(3))"],
  ["plain( {col} = EXCLUDED . {col} )", "{col:1} = excluded.{col:1}, {col:2} = excluded.{col:2}"],
  ["a [b [c]] d", "a d", "a b d", "a b c d"],
];
for (const [pattern, ...statements] of FITTING) {
  for (const sql of statements) {
    Deno.test(`pattern ${pattern} has room for ${JSON.stringify(sql)}`, () => {
      assertEquals(misfit(pattern, sql), undefined);
    });
  }
}

const UNFIT: readonly (readonly [pattern: string, sql: string, says: string])[] = [
  ["SELECT #", "SELECT", "its end stands where a number belongs"],
  ["SELECT #", "SELECT 1 2", "2 stands where its end belongs"],
  ["SELECT #", "SELECT x", "X stands where a number belongs"],
  ["a = #10-20", "a = 9", "9 stands where a number from 10 to 20 belongs"],
  ["a = #10-20", "a = 21", "21 stands where a number from 10 to 20 belongs"],
  ["a = #10-20", "a = 99999999999999999999", "stands where a number from 10 to 20 belongs"],
  ["SELECT 0", "SELECT 1", "1 stands where 0 belongs"],
  ["DROP TABLE [IF EXISTS] {table}", "DROP TABLE {aside}", "{aside} stands where IF or {table}"],
  ["SET x <ON | OFF>", "SET x maybe", "MAYBE stands where ON or OFF belongs"],
  ["each( {col} )", "{col:0}, {col:2}, {col:1}", "{col:2} stands where {col:1} belongs"],
  ["each( {col} )", "{col:0}, {col:1}", "its end stands where , belongs"],
  ["each( {col} )", "{col:0}, {col:1}, {col:2}, {col:2}", ", stands where its end belongs"],
  ["plain( {col} )", "{col:0}", "{col:0} stands where {col:1} belongs"],
  ["{col}", "{col:0}", "{col:0} stands where"],
];
for (const [pattern, sql, says] of UNFIT) {
  Deno.test(`pattern ${pattern} has none for ${JSON.stringify(sql)}, and says where`, () => {
    assertStringIncludes(misfit(pattern, sql) ?? "", says);
  });
}

Deno.test("pattern of the columns beside the key is of one key column where there is nothing else", () => {
  const keys = COLUMNS.map((column) => ({ ...column, key: true }));
  assertEquals(misfit("plain( {col} )", "{col:0}", keys), undefined);
});

Deno.test("pattern that is none is a bug and says so", () => {
  for (
    const pattern of [
      "SELECT [1",
      "SELECT <a | b",
      "SELECT ]",
      "%nothing",
      "each( {col}",
      "a ) b",
      "a;",
    ]
  ) {
    assertThrows(() => parsePattern(pattern), SyntaxError);
  }
});

Deno.test("pattern is compared in a time that grows with the statement alone", () => {
  const columns = Array.from({ length: 1_600 }, (_, i): Column => ({
    ...{ name: `c${i}`, type: "text", nullable: true, key: i === 0 },
  }));
  const sql = columns.map((_, i) => `{col:${i}} char(1)`).join(", ");
  const pattern = "each( {col} <%type %type %type | %type %type | %type> )";
  // The least of some tries: other programs keep this one waiting now and then.
  let took = Infinity;
  for (let tries = 0; tries < 10 && took >= 500; tries++) {
    const began = performance.now();
    assertEquals(misfit(pattern, sql, columns), undefined);
    took = Math.min(took, performance.now() - began);
  }
  assert(took < 500, `${took} ms`);
});

const TOUCHING = [
  "{table}{columns}",
  "x{table}",
  "{table}x",
  "{table}1",
  "1{table}",
  "{table} x{keys}",
];
for (const sql of TOUCHING) {
  Deno.test(`statement ${sql} is refused: a slot is a word of its own`, () => {
    const fault = tokensOf(parseTemplate(sql, 3));
    assert(typeof fault === "string" && fault.startsWith("a slot touches"), String(fault));
  });
}
