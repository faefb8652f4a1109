/**
 * Lessons, followed: whatever is wrong with one statement of a plan that was in order, the statement that
 * the refusal proposes makes it one that is let through.
 */
import { assert, assertEquals } from "@std/assert";
import { loadDriver } from "../../../../host/drivers/load_driver.ts";
import { WRITE_MODES } from "../../../../src/model/batch.ts";
import { LoadError } from "../../../../src/model/errors.ts";
import { checkPlan } from "../../../../src/plan_policy/plan_policy.ts";
import { tokenPlaces } from "../../../../src/plan_policy/token.ts";
import type { Plan } from "../../../../src/plugin_api/plan.ts";
import { planOf } from "../../../attack/statement_attack.ts";
import { shapeOf } from "../../../attack/verifier_alone.ts";
import { PLAN_FAMILIES } from "../../../families/plan_families.ts";
import { proposedIn } from "./proposed.ts";

/** Slips of one token: it is left out, or two of its letters are in each other's place. */
const SLIPS: Readonly<Record<string, (token: string) => string>> = {
  "left out": () => "",
  misspelt: (word) => word.replace(/^(\w)(\w)(\w+)$/, "$1$3$2"),
};

for (const family of PLAN_FAMILIES.keys()) {
  for (const [slip, change] of Object.entries(SLIPS)) {
    Deno.test(`lesson followed: ${family}: each word that is ${slip} is mended by what is proposed`, async () => {
      const { dialect } = await loadDriver(family);
      const rules = { plugin: "p", dialect };
      let mended = 0;
      for (const mode of WRITE_MODES) {
        const shape = shapeOf({ mode });
        const honest = planOf({ family, mode, plan: {} });
        const refusalOf = (plan: Plan) => messageOn(() => checkPlan(plan, shape, rules));
        for (const { sql, put } of statementsOf(honest)) {
          for (const { from, to } of tokenPlaces(sql)) {
            const wrong = `${sql.slice(0, from)}${change(sql.slice(from, to))}${sql.slice(to)}`;
            if (wrong === sql) continue;
            const message = refusalOf(put(wrong));
            // What may be left out may be left out; slots are none of a recipe's.
            const proposed = message === undefined ? undefined : proposedIn(message);
            if (proposed === undefined) continue;
            assertEquals(refusalOf(put(proposed)), undefined, `${message}\n${proposed}`);
            mended++;
          }
        }
      }
      assert(mended > 40, `${mended}`);
    });
  }
}

function messageOn(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof LoadError) return error.message;
    throw error;
  }
}

interface PlacedStatement {
  readonly sql: string;
  /** The plan with another statement in its place. */
  readonly put: (sql: string) => Plan;
}

function statementsOf(plan: Plan): PlacedStatement[] {
  const phases = ["create", "prepare", "stage", "merge", "finish"] as const;
  return [
    ...phases.flatMap((phase) =>
      plan[phase].map((sql, at): PlacedStatement => ({
        sql,
        put: (other) => ({
          ...plan,
          [phase]: plan[phase].map((one, i) => i === at ? other : one),
        }),
      }))
    ),
    {
      sql: plan.write.sql,
      put: (sql) => ({ ...plan, write: { ...plan.write, sql } }),
    },
  ];
}
