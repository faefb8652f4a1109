import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { compileConfigSchema, ConfigSchemaSchema } from "../../../src/model/config_schema.ts";

const isSchema = (field: object) =>
  v.is(ConfigSchemaSchema, {
    type: "object",
    properties: { a: { description: "d", ...field } },
  });

Deno.test("settings have a default that fits them, or none", () => {
  for (
    const field of [
      { type: "string" },
      { type: "string", default: "x", enum: ["x", "y"] },
      { type: "string", default: "", maxLength: 3 },
      { type: "string", default: "secret", writeOnly: true },
      { type: "integer", default: 5, minimum: 5, maximum: 5 },
      { type: "number", default: 0.5 },
      { type: "boolean", default: false },
    ]
  ) assertEquals(isSchema(field), true, JSON.stringify(field));
  for (
    const field of [
      { type: "string", default: "z", enum: ["x", "y"] },
      { type: "string", default: "", minLength: 1 },
      { type: "integer", default: 4, minimum: 5 },
      { type: "integer", default: 0.5 },
    ]
  ) assertEquals(isSchema(field), false, JSON.stringify(field));
});

Deno.test("a number out of its bounds is told by the bounds that it has", () => {
  const cases: [bounds: { minimum?: number; maximum?: number }, value: number, said: string][] = [
    [{ minimum: 1 }, 0, "Expected at least 1 but received 0"],
    [{ maximum: 9 }, 10, "Expected at most 9 but received 10"],
    [{ minimum: 1, maximum: 9 }, 10, "Expected a number from 1 to 9 but received 10"],
  ];
  for (const [bounds, value, said] of cases) {
    const field = { type: "integer", description: "A number", ...bounds } as const;
    const schema = compileConfigSchema({ type: "object", properties: { n: field } });
    assertEquals(v.safeParse(schema, { n: value }).issues?.map((i) => i.message), [said]);
  }
});
