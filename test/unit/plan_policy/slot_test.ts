import { assertEquals, assertThrows } from "@std/assert";
import { LoadError } from "../../../src/model/errors.ts";
import {
  type Bound,
  checkNames,
  parseTemplate,
  renderTemplate,
  type SlotNames,
} from "../../../src/plan_policy/slot.ts";

const NAMES: SlotNames = {
  table: `"s"."t{col:0}"`,
  tableName: `"t"`,
  staging: `"st"`,
  aside: `"as"`,
  ordinal: `"ord"`,
  columns: [`"a"`, `"{table}"`, `"c"`],
  keys: [`"a"`, `"c"`],
};

function render(text: string, options: Parameters<typeof renderTemplate>[2] = {}): string {
  return renderTemplate(parseTemplate(text, 3), NAMES, options);
}

Deno.test("slot fills every name, and never reads again what it filled in", () => {
  assertEquals(
    render(
      "X {table} {table_name} {staging} {aside} {ordinal} ({columns}) ({keys}) {col:1} = EXCLUDED.{col:1}",
    ),
    `X "s"."t{col:0}" "t" "st" "as" "ord" ("a", "{table}", "c") ("a", "c") "{table}" = EXCLUDED."{table}"`,
  );
});

Deno.test("slot fills rows and values of an insert", () => {
  const placeholder = (bound: Bound) => bound === "ordinal" ? "$ordinal" : `$${bound + 1}`;
  assertEquals(render("({values})", { placeholder }), "($1, $2, $3)");
  assertEquals(render("({value:2}, {value:0})", { placeholder }), "($3, $1)");
  assertEquals(render("({values}, {ordinal})", { placeholder }), "($1, $2, $3, $ordinal)");
  assertEquals(render("VALUES {rows}", { rows: "(1), (2)" }), "VALUES (1), (2)");
});

for (
  const text of [
    "{",
    "}",
    "a } b",
    "{nope}",
    "{format}",
    "{col}",
    "{col:3}",
    "{col:-1}",
    "{col:01}",
    "{col:1",
    "{ table}",
    "{value:99999}",
    "{}",
    "{__proto__}",
  ]
) {
  Deno.test(`slot refuses ${text}`, () => {
    assertEquals(assertThrows(() => parseTemplate(text, 3), LoadError).code, "plan_refused");
  });
}

Deno.test("slot refuses rows and values outside of an insert", () => {
  for (const text of ["{rows}", "{values}", "{value:0}"]) {
    assertEquals(assertThrows(() => render(text), LoadError).code, "plan_refused");
  }
});

Deno.test("names that the host keeps, that are empty, too long or not text are refused", () => {
  const bad: [string, string[]][] = [
    ["", []],
    ["_snakepipe_load", []],
    ["_SnakePipe_x", []],
    ["t", ["a", "_snakepipe_ordinal"]],
    ["t", [""]],
    ["t".repeat(64), []],
    ["ü".repeat(32), []],
    ["a\0b", []],
    ["\ud800", []],
  ];
  for (const [name, columns] of bad) {
    assertEquals(
      assertThrows(() => checkNames({ name }, columns, 63), LoadError).code,
      "name_refused",
    );
  }
  assertThrows(() => checkNames({ schema: "_snakepipe_s", name: "t" }, [], 63), LoadError);
  const many = Array.from({ length: 1_601 }, (_, i) => `c${i}`);
  const error = assertThrows(() => checkNames({ name: "t" }, many, 63), LoadError);
  assertEquals([error.code, error.blame], ["usage", "config"]);
  checkNames({ name: "t" }, many.slice(1), 63);
  checkNames({ schema: "s", name: `odd "name"; drop` }, ["ü", "a b"], 63);
});
