import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { inWords } from "../../../src/config/expectation.ts";

Deno.test("what does not fit is told in words, whatever the schema", () => {
  const cases: [schema: v.GenericSchema, value: unknown, said: string][] = [
    [v.string(), 5, "Expected a string but received 5"],
    [v.number(), "5", 'Expected a number but received "5"'],
    [v.boolean(), "yes", 'Expected true or false but received "yes"'],
    [v.strictObject({}), "x", 'Expected an object but received "x"'],
    [v.array(v.string()), {}, "Expected a list but received an object"],
    [v.strictObject({}), null, "Expected an object but received null"],
    [v.string(), [], "Expected a string but received a list"],
    [v.picklist(["a", "b"]), "c", 'Expected one of a, b but received "c"'],
    [v.literal("a"), "c", 'Expected "a" but received "c"'],
    [v.union([v.string(), v.number()]), true, "Expected a string or a number but received true"],
    [v.pipe(v.number(), v.integer()), 2.5, "Expected a whole number but received 2.5"],
    [v.pipe(v.number(), v.minValue(1)), 0, "Expected at least 1 but received 0"],
    [v.pipe(v.number(), v.maxValue(9)), 10, "Expected at most 9 but received 10"],
    [v.pipe(v.string(), v.minLength(2)), "a", "Expected a length of at least 2 but received 1"],
    [v.pipe(v.string(), v.minLength(1, "Expected a name")), "", "Expected a name"],
  ];
  for (const [schema, value, said] of cases) {
    const { issues } = v.safeParse(schema, value);
    assertEquals(issues?.map((issue) => inWords(issue.message)), [said]);
  }
});
