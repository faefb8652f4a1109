/** A plan for thirteen columns: new with everything that checks it, from the cache, and by hand. */
import { createHash } from "node:crypto";
import { WRITE_MODES } from "../mod.ts";
import { PluginBackend } from "../host/plugins/plugin_backend.ts";
import { loadDriver } from "../host/drivers/load_driver.ts";
import { Planner } from "../host/plugins/planner.ts";
import { checkPlan } from "../src/plan_policy/plan_policy.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import type { BenchPlace } from "./place.ts";
import { STATEMENT_MS_MAX, statementCount } from "./policy_gate_bench.ts";
import { Renewed } from "./renewed.ts";
import { nodeShape } from "./sample_shape.ts";

const CACHED_CALLS = 200;

/** Each mode of both plugins, and where the time of a new plan goes. */
export async function planSuite(place: BenchPlace): Promise<BenchSuite> {
  const libsql = await connected(place, "libsql", place.newFile());
  const postgresql = await connected(place, "postgresql", await place.newDatabase());
  const cases: BenchCase[] = [];
  for (const backend of [libsql, postgresql]) {
    for (const mode of WRITE_MODES) cases.push(...await casesOf(backend, mode));
  }
  cases.push(...await partsOf(postgresql));
  return { name: "plan", title: "A plan for thirteen columns", cases };
}

async function connected(place: BenchPlace, type: string, url: string): Promise<PluginBackend> {
  const backend = await place.host.createBackend(type, { url });
  if (!(backend instanceof PluginBackend)) throw new Error(`${type} is no plugin's backend`);
  return backend;
}

type Mode = (typeof WRITE_MODES)[number];

async function casesOf(backend: PluginBackend, mode: Mode): Promise<BenchCase[]> {
  const { name, driver } = backend.plugin.manifest;
  const family = await loadDriver(driver);
  const about = `${name} ${mode}`;
  const shape = nodeShape("nodes", mode);
  const { plan } = await backend.plan(shape);
  let tables = 0;
  // A table that was not seen before is a shape that was not seen before.
  const fresh = () => nodeShape(`nodes_${tables++}`, mode);
  const planner = new Renewed(() => Planner.open(backend.plugin, { settings: {}, driver: family }));
  const rules = { plugin: name, dialect: family.dialect };
  // The statements are read by the database's own grammar too.
  const msMax = 0.15 + STATEMENT_MS_MAX * statementCount(plan);
  const goal = { kind: "time", msMax } as const;
  return [
    { name: `${about}: by hand, checked`, run: () => checkPlan({ ...plan }, shape, rules) },
    {
      name: `${about}: new, in an instance that is open`,
      baseline: `${about}: by hand, checked`,
      goal,
      before: planner.before,
      run: () => planner.current.plan(fresh()),
    },
    {
      // What a load waits for: the backend opens an instance for each plan that it has not got.
      name: `${about}: new, with its instance`,
      baseline: `${about}: by hand, checked`,
      goal,
      run: () => backend.plan(fresh()),
    },
    {
      name: `${about}: cached`,
      calls: CACHED_CALLS,
      baseline: `${about}: by hand, checked`,
      goal: { kind: "time", msMax: 0.002 },
      run: () => backend.plan(shape),
    },
  ];
}

/** What a new plan consists of. */
async function partsOf(backend: PluginBackend): Promise<BenchCase[]> {
  const { plugin } = backend;
  const shape = nodeShape("nodes", "upsert");
  const driver = await loadDriver(plugin.manifest.driver);
  const planner = new Renewed(() => Planner.open(plugin, { settings: {}, driver }));
  const sandbox = new Renewed(() => plugin.open());
  const { plan } = await backend.plan(shape);
  const about = "postgresql upsert, in parts";
  return [
    {
      name: `${about}: instance opened and closed`,
      run: async () => await (await plugin.open()).close(),
    },
    {
      name: `${about}: write_batch in a warm sandbox`,
      before: sandbox.before,
      run: () => sandbox.current.call({ phase: "write_batch", settings: {}, shape }),
    },
    {
      name: `${about}: checked and hashed too`,
      before: planner.before,
      run: () => planner.current.plan(shape),
    },
    {
      name: `${about}: hash`,
      run: () => createHash("sha256").update(JSON.stringify(plan)).digest("hex"),
    },
  ];
}
