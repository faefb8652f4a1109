/**
 * Hostile plans, layer by layer: each layer is asked alone, as if those before it were not there. What
 * refuses a plan says why, in the words of the table; what is not in the table does not see it.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { PLAN_LAYERS, SESSION_LAYERS } from "../../src/plan_policy/plan_layers.ts";
import type { DialectRecipes } from "../../src/plan_policy/recipes.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { casesOn, firstLayer, type Layer, LAYERS, type PlanCase } from "./plan_case.ts";
import { shapeOf, verifierRefusal } from "./verifier_alone.ts";
import { planOf } from "./statement_attack.ts";

/** Statements outside of loads name no table: the verifier is not asked about them. */
const OUTSIDE = ["session", "teardown", "health"] as const;

/** Hostile plans by the layer that refuses them, at the least. */
const LEAST: Readonly<Record<Layer, number>> = { tokens: 75, slots: 18, recipe: 413, verifier: 1 };

const all = new Map<string, readonly PlanCase[]>();
for (const family of PLAN_FAMILIES.keys()) all.set(family, await casesOn(family));

for (const [family, { unseen }] of PLAN_FAMILIES) {
  Deno.test(`hostile plans: ${family}: every layer says why it refuses one`, async (t) => {
    const { dialect } = await loadDriver(family);
    for (const attack of all.get(family)!) {
      await t.step(attack.name, async () => {
        const reasons: Partial<Record<Layer, string>> = {};
        for (const layer of LAYERS) {
          const why = layer === "verifier"
            ? await verifierReason(family, attack)
            : policyReason(family, attack, { layer, dialect });
          // Texts of engines go on for long; of ours, most stand there whole.
          if (why !== undefined) reasons[layer] = why.slice(0, attack.refused[layer]?.length);
        }
        assertEquals(reasons, attack.refused);
      });
    }
  });

  Deno.test(`hostile plans: ${family}: what a verifier does not see is known`, () => {
    const through = all.get(family)!.filter(({ refused, plan }) =>
      refused.verifier === undefined && !isOutside(plan)
    );
    assertEquals(through.map(({ name }) => name).sort(), Object.values(unseen).flat().sort());
  });

  // A plan of the same signs in which every word of SQL is another says nothing that is hostile.
  Deno.test(`hostile plans: ${family}: the reason is the attack's own`, async () => {
    const { dialect } = await loadDriver(family);
    for (const attack of all.get(family)!) {
      const layer = firstLayer(attack);
      if (layer === "verifier" || layer === "slots") continue;
      // What is not there has no words.
      if (attack.refused[layer]!.includes("a statement is missing")) continue;
      // A row of slots and signs alone is refused for these.
      const { row = "" } = attack.plan.write ?? {};
      if (attack.refused[layer]!.startsWith("insert.row") && withoutWords(row) === row) continue;
      const plan = mapped(attack.plan, layer === "recipe" ? withoutWords : withoutSigns);
      const why = policyReason(family, { ...attack, plan }, { layer, dialect }) ?? "";
      assertNotEquals(
        why.slice(0, attack.refused[layer]!.length),
        attack.refused[layer],
        attack.name,
      );
    }
  });
}

Deno.test("hostile plans: there are as many as ever, by layer, and no two have one name", () => {
  const cases = [...all.values()].flat();
  for (const layer of LAYERS) {
    const found = cases.filter((attack) => firstLayer(attack) === layer).length;
    assert(found >= LEAST[layer], `${layer}: ${found}`);
  }
  for (const attacks of all.values()) {
    assertEquals(new Set(attacks.map(({ name }) => name)).size, attacks.length);
  }
});

function isOutside(plan: AttackPlan): boolean {
  return Object.keys(plan).every((phase) => OUTSIDE.some((outside) => outside === phase));
}

/** What a layer of the policy says, asked alone. */
function policyReason(
  family: string,
  { mode = "append", plan }: Pick<PlanCase, "mode" | "plan">,
  { layer, dialect }: { readonly layer: Layer; readonly dialect: DialectRecipes },
): string | undefined {
  const outside = SESSION_LAYERS.find(({ name }) => name === layer)!;
  for (const phase of OUTSIDE) {
    for (const [i, sql] of (plan[phase] ?? []).entries()) {
      const why = outside.refusalOf(sql, phase, dialect);
      if (why !== undefined) return `${phase}[${i}]: ${why}`;
    }
  }
  const inside = PLAN_LAYERS.find(({ name }) => name === layer)!;
  const refusal = inside.refusalOf(planOf({ family, mode, plan }), shapeOf({ mode }), dialect);
  return refusal && `${refusal.at}: ${refusal.why}`;
}

async function verifierReason(
  family: string,
  { mode = "append", plan }: PlanCase,
): Promise<string | undefined> {
  if (isOutside(plan)) return undefined;
  return await verifierRefusal(family, planOf({ family, mode, plan }), shapeOf({ mode }));
}

function mapped(plan: AttackPlan, change: (sql: string) => string): AttackPlan {
  return Object.fromEntries(
    Object.entries(plan).map(([phase, statements]) => [
      phase,
      "insert" in statements
        ? {
          insert: change(statements.insert),
          ...(statements.row === undefined ? {} : { row: change(statements.row) }),
        }
        : statements.map(change),
    ]),
  );
}

function withoutWords(sql: string): string {
  return sql.replaceAll(
    /\{[^{}]*\}|[A-Za-z_][A-Za-z_0-9]*/g,
    (part) => part.startsWith("{") ? part : "zork",
  );
}

function withoutSigns(sql: string): string {
  return sql.replaceAll(/--|[^A-Za-z0-9_ \n(),.=<>*+{}-]| {81,}|:(?![0-9]+\})/gu, " ")
    .replaceAll(/([0-9])(?=[A-Za-z])/g, "$1 ");
}
