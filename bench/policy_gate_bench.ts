/** The gate that a plan's statements pass before one of them runs: a new plan, and one that is known. */
import { type Shape, shapeKey } from "../src/model/batch.ts";
import { WRITE_MODES } from "../mod.ts";
import { loadDriver } from "../host/drivers/load_driver.ts";
import { askPlugin, builtPlugin } from "../test/support/built_plugin.ts";
import type { Plan } from "../src/plugin_api/plan.ts";
import { PlanCache } from "../src/load/plan_cache.ts";
import type { PlanVerifier } from "../src/plan_policy/plan_verifier.ts";
import {
  checkByVerifier,
  checkPlan,
  checkSessionStatements,
  type PlanRules,
} from "../src/plan_policy/plan_policy.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { nodeShape, wideShape } from "./sample_shape.ts";

/** What one statement may take. */
export const STATEMENT_MS_MAX = 0.2;
const SESSION_CALLS = 20;
const CACHED_CALLS = 200;

/** A plan that is to be let through. */
interface Asked {
  readonly plan: Plan;
  readonly shape: Shape;
  readonly rules: PlanRules;
  readonly grammar: PlanVerifier;
}

/** What a plan passes, one after the other. Another layer is another line. */
const LAYERS: Readonly<Record<string, (asked: Asked) => unknown>> = {
  "words and forms": ({ plan, shape, rules }) => checkPlan(plan, shape, rules),
  "the database's grammar": ({ plan, shape, rules, grammar }) =>
    checkByVerifier(plan, shape, { ...rules, verifier: grammar }),
};

/** Plans of both plugins in each mode, and statements of sessions. */
export async function policyGateSuite(): Promise<BenchSuite> {
  const cases: BenchCase[] = [];
  for (const name of ["libsql", "postgresql"]) cases.push(...await casesOf(name));
  return { name: "policy_gate", title: "The gate before a statement", cases };
}

async function casesOf(name: string): Promise<BenchCase[]> {
  const plugin = await builtPlugin(name);
  const driver = await loadDriver(plugin.manifest.driver);
  const grammar = await driver.grammar();
  const rules = { plugin: name, dialect: driver.dialect };
  const { session, probe } = await askPlugin(plugin, (planner) => planner.sessions());
  const cases: BenchCase[] = [{
    name: `${name}: a health probe`,
    calls: SESSION_CALLS,
    goal: { kind: "time", msMax: STATEMENT_MS_MAX },
    run: () => checkSessionStatements([probe], "health", rules),
  }];
  if (session.length > 0) {
    cases.push({
      name: `${name}: ${session.length} statements of a session`,
      calls: SESSION_CALLS,
      goal: { kind: "time", msMax: session.length * STATEMENT_MS_MAX },
      run: () => checkSessionStatements(session, "session", rules),
    });
  }
  for (const mode of WRITE_MODES) {
    for (const shape of [nodeShape("nodes", mode), wideShape("wide", mode)]) {
      const { plan } = await askPlugin(plugin, (planner) => planner.plan(shape));
      cases.push(...planCases(`${name} ${mode}`, { plan, shape, rules, grammar }));
    }
  }
  return cases;
}

function planCases(about: string, asked: Asked): BenchCase[] {
  const { plan, shape } = asked;
  const count = statementCount(plan);
  const what = `${about}, ${count} statements, ${shape.columns.length} columns`;
  const layers = Object.entries(LAYERS);
  const cached = new PlanCache<Plan>();
  return [
    ...layers.length === 1 ? [] : layers.map(([layer, pass]): BenchCase => ({
      name: `${what}, in parts: ${layer}`,
      run: () => pass(asked),
    })),
    {
      name: `${what}: new`,
      goal: { kind: "time", msMax: count * STATEMENT_MS_MAX },
      run: async () => {
        for (const [, pass] of layers) await pass(asked);
      },
    },
    {
      name: `${what}: from the cache`,
      calls: CACHED_CALLS,
      goal: { kind: "time", msMax: 0.002 },
      run: () => cached.get(shapeKey(shape), () => Promise.resolve(plan)),
    },
  ];
}

/** Statements of a plan. The row template of the INSERT is checked like one. */
export function statementCount({ create, prepare, stage, merge, finish }: Plan): number {
  return [create, prepare, stage, merge, finish].reduce((sum, { length }) => sum + length, 2);
}
