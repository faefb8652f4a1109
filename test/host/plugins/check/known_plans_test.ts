import { assertEquals } from "@std/assert";
import { withKnownPlans } from "../../../../host/plugins/check/known_plans.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../../../host/plugins/check/sample_shape.ts";
import { loadDriver } from "../../../../host/drivers/load_driver.ts";
import { ALL_FAMILIES } from "../../../families/families.ts";
import type { Plan } from "../../../../src/plugin_api/plan.ts";

const PLAN: Plan = {
  ...{ create: [], prepare: [], stage: [], merge: [], finish: [] },
  batch: { rowsMax: 1, bytesMax: 1 },
  write: { sql: "INSERT INTO {table} ({columns}) VALUES {rows}", row: "({values})", rowsMax: 1 },
};
const SHAPE = sampleShape(SAMPLE_COLUMNS["one key"]!, "append");

Deno.test("known plans: a plan that has passed is not verified again, and anything else is", async () => {
  const driver = await loadDriver(ALL_FAMILIES[0]!.name);
  const asked: string[] = [];
  let refuses = false;
  const known = new Set<string>();
  const verifier = await withKnownPlans({
    ...{ family: driver.family, dialect: driver.dialect },
    grammar: () =>
      Promise.resolve({
        refusalOf(plan) {
          asked.push(plan.write.sql);
          return refuses ? { path: "insert", message: "no" } as never : undefined;
        },
      }),
  }, known).grammar();
  const other = { ...PLAN, write: { ...PLAN.write, sql: `${PLAN.write.sql} ON` } };
  await verifier.refusalOf(PLAN, SHAPE);
  await verifier.refusalOf(PLAN, SHAPE);
  await verifier.refusalOf({ ...PLAN, batch: { rowsMax: 2, bytesMax: 2 } }, SHAPE);
  assertEquals(asked.length, 1, "the size of a batch changes no statement");
  await verifier.refusalOf(PLAN, sampleShape(SAMPLE_COLUMNS["one key"]!, "replace"));
  await verifier.refusalOf(PLAN, sampleShape(SAMPLE_COLUMNS["one column"]!, "append"));
  await verifier.refusalOf(PLAN, SHAPE, [{ kind: "type", word: "vector" } as never]);
  assertEquals(asked.length, 4, "shape, mode and words are part of the question");
  refuses = true;
  for (let i = 0; i < 2; i++) {
    assertEquals((await verifier.refusalOf(other, SHAPE)) !== undefined, true);
  }
  assertEquals(asked.length, 6, "what is refused is asked for again");
});
