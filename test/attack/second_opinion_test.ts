/**
 * The databases by themselves: what their parsers and rehearsals make of the hostile
 * plans, without the patterns that would have refused them before, and of honest ones.
 */
import { assert, assertEquals } from "@std/assert";
import { WRITE_MODES } from "../../mod.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/plugins/check/sample_shape.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { attackOf, attacksOn } from "./attacks.ts";
import { opinion, shapeOf } from "./second_opinion.ts";
import { HONEST, planOf } from "./statement_attack.ts";

/** Statements that carry no slot are the business of the patterns alone: few can stand there. */
const OUTSIDE: readonly string[] = ["session", "teardown", "health"];

for (const [family, { unseen }] of PLAN_FAMILIES) {
  Deno.test(`plan verifier: ${family}: by itself it refuses hostile plans, but for what it does not see`, async () => {
    const through: string[] = [];
    let judged = 0;
    for (const name of attacksOn(family)) {
      const attack = await attackOf(family, name);
      if (Object.keys(attack.plan).every((phase) => OUTSIDE.includes(phase))) continue;
      judged++;
      const why = await opinion(family, planOf(attack), shapeOf(attack));
      if (why === undefined) through.push(name);
    }
    assert(judged >= 50, `${judged}`);
    assertEquals(through.sort(), Object.values(unseen).flat().sort());
  });
}

for (const { plugin: type } of ALL_FAMILIES) {
  Deno.test(`plan verifier: every plan of the plugin ${type} is let through`, async () => {
    const plugin = await builtPlugin(type);
    for (const mode of WRITE_MODES) {
      for (const columns of Object.values(SAMPLE_COLUMNS)) {
        if (mode === "upsert" && !columns.some(({ key }) => key)) continue;
        const shape = sampleShape(columns, mode);
        // Whoever plans asks for it.
        const { plan } = await askPlugin(plugin, (planner) => planner.plan(shape));
        assertEquals(await opinion(plugin.manifest.driver, plan, shape), undefined);
      }
    }
  });
}
for (const family of PLAN_FAMILIES.keys()) {
  for (const mode of WRITE_MODES) {
    Deno.test(`plan verifier: ${family}: an honest plan for ${mode} is let through`, async () => {
      const honest = { family, mode, plan: HONEST[family]![mode], says: "" };
      assertEquals(await opinion(family, planOf(honest), shapeOf(honest)), undefined);
    });
  }
}
