/**
 * The databases by themselves: what their parsers and rehearsals make of honest plans. Hostile ones are
 * in `plan_layer_test.ts`.
 */
import { assertEquals } from "@std/assert";
import { WRITE_MODES } from "../../mod.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/plugins/check/sample_shape.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { shapeOf, verifierRefusal } from "./verifier_alone.ts";
import { HONEST, planOf } from "./statement_attack.ts";

for (const { plugin: type } of ALL_FAMILIES) {
  Deno.test(`plan verifier: every plan of the plugin ${type} is let through`, async () => {
    const plugin = await builtPlugin(type);
    for (const mode of WRITE_MODES) {
      for (const columns of Object.values(SAMPLE_COLUMNS)) {
        if (mode === "upsert" && !columns.some(({ key }) => key)) continue;
        const shape = sampleShape(columns, mode);
        // Whoever plans asks for it.
        const { plan } = await askPlugin(plugin, (planner) => planner.plan(shape));
        assertEquals(await verifierRefusal(plugin.manifest.driver, plan, shape), undefined);
      }
    }
  });
}
for (const family of PLAN_FAMILIES.keys()) {
  for (const mode of WRITE_MODES) {
    Deno.test(`plan verifier: ${family}: an honest plan for ${mode} is let through`, async () => {
      const honest = { family, mode, plan: HONEST[family]![mode] };
      assertEquals(await verifierRefusal(family, planOf(honest), shapeOf(honest)), undefined);
    });
  }
}
