import { assert, assertEquals, assertThrows } from "@std/assert";
import * as v from "valibot";
import { parse } from "../../../src/config/parse.ts";
import { LoadError } from "../../../src/model/errors.ts";

const SCHEMA = v.strictObject({
  poolSize: v.pipe(v.number(), v.integer()),
  inner: v.pipe(v.strictObject({ host: v.string() }), v.readonly()),
  list: v.array(v.strictObject({ table: v.string() })),
  choice: v.variant("kind", [
    v.strictObject({ kind: v.literal("a"), first: v.string() }),
    v.strictObject({ kind: v.literal("b"), second: v.string() }),
  ]),
  named: v.optional(v.record(v.string(), v.strictObject({ type: v.string() }))),
});

Deno.test("parse reports every failing path at once, and the name that was probably meant", () => {
  const value = {
    poolSze: 1,
    inner: { host: 3, hots: "x" },
    list: [{ table: "a" }, { tabel: "b" }],
    choice: { kind: "b", second: "x", frist: "y" },
    named: { one: { typ: "z" } },
  };
  const error: LoadError = assertThrows(
    () => parse(SCHEMA, value, { what: "The file", code: "config_invalid", blame: "config" }),
    LoadError,
  );
  assertEquals(Object.fromEntries(error.issues.map((i) => [i.path, i.message])), {
    "poolSize": "Missing, expected a number",
    "poolSze": "Unknown name, did you mean poolSize?",
    "inner.host": "Expected a string but received 3",
    "inner.hots": "Unknown name, did you mean host?",
    "list.1.table": "Missing, expected a string",
    "list.1.tabel": "Unknown name, did you mean table?",
    "choice.frist": "Unknown name, did you mean first?",
    "named.one.type": "Missing, expected a string",
    "named.one.typ": "Unknown name, did you mean type?",
  });
});

Deno.test("parse gives back what the schema makes of a value", () => {
  const schema = v.pipe(v.string(), v.transform((s) => s.length));
  assertEquals(parse(schema, "four", { what: "It", code: "bug", blame: "host" }), 4);
});

Deno.test("parse shows as much as people read, however much is wrong", () => {
  const schema = v.array(v.string());
  const error: LoadError = assertThrows(
    () =>
      parse(schema, Array.from({ length: 10_000 }, (_, i) => i), {
        what: "It",
        code: "bug",
        blame: "host",
      }),
    LoadError,
  );
  assertEquals(error.issues.length, 10_000);
  assertEquals(error.message.split("\n").length, 32);
  assertEquals(error.message.split("\n").at(-1), "  and 9970 more");
  const long: LoadError = assertThrows(
    () =>
      parse(v.strictObject({ a: v.picklist(["b"]) }), { a: "x".repeat(100_000) }, {
        what: "It",
        code: "bug",
        blame: "host",
      }),
    LoadError,
  );
  assert(long.message.length < 600, `${long.message.length}`);
});

Deno.test("parse refuses names that would be left out, wherever they stand", () => {
  const schema = v.strictObject({
    named: v.record(v.string(), v.strictObject({ type: v.string() })),
    rest: v.objectWithRest({ type: v.string() }, v.string()),
    choice: v.union([v.string(), v.strictObject({ values: v.record(v.string(), v.string()) })]),
    any: v.optional(v.unknown()),
  });
  const failure = { what: "The file", code: "config_invalid", blame: "config" } as const;
  for (const name of ["__proto__", "prototype", "constructor"]) {
    const value = JSON.parse(
      `{"named":{"${name}":{"type":"a"}},"rest":{"type":"b","${name}":"c"},` +
        `"choice":{"values":{"${name}":"d"}},"any":{"${name}":1}}`,
    );
    const error: LoadError = assertThrows(() => parse(schema, value, failure), LoadError);
    assertEquals(
      error.issues,
      [`named.${name}`, `rest.${name}`, `choice.values.${name}`].map((path) => ({
        path,
        message: `${name} cannot be used as a name`,
      })),
    );
  }
  const kept = { named: { toString: { type: "a" } }, rest: { type: "b" }, choice: "c" };
  assertEquals(parse(schema, kept, failure), kept);
});
