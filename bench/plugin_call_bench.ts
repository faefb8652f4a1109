/** A call into a plugin: through the sandbox, and on the engine itself. */
import { admitPlugin } from "../host/plugins/sandbox/plugin.ts";
import { NO_GRANTS } from "../src/plan_policy/grant.ts";
import { BarePlugin } from "./bare_plugin.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { pluginBytes } from "./place.ts";
import { Renewed } from "./renewed.ts";

const CALLS = 20;
const ANSWER = new TextEncoder().encode(JSON.stringify({ latencyMs: 1, text: "1" }));
const SETTINGS = { degradedAfterMs: 1_000 };

/** The calls of a health check, the smallest that there are: what to ask, and what to think of it. */
export async function pluginCallSuite(): Promise<BenchSuite> {
  const cases: BenchCase[] = [];
  for (const name of ["libsql", "postgresql"]) cases.push(...await casesOf(name));
  return { name: "plugin_call", title: "A call into a plugin", cases };
}

async function casesOf(name: string): Promise<BenchCase[]> {
  const bytes = await pluginBytes(name);
  const bare = new BarePlugin(new WebAssembly.Module(bytes.slice()));
  const plugin = await admitPlugin(bytes, { file: name, grants: NO_GRANTS });
  const sandbox = new Renewed(() => plugin.open());
  const call = { phase: "health_check", settings: SETTINGS } as const;
  const nothing = new Uint8Array();

  const probe = bare.call("health_check", nothing);
  const judgement = bare.call("health_check", ANSWER);
  if (!probe.startsWith("SELECT") || judgement !== "healthy") {
    throw new Error(`Plugin ${name} answers otherwise without the sandbox: ${probe}, ${judgement}`);
  }
  return [
    {
      name: `${name}: probe, bare instance`,
      calls: CALLS,
      run: () => bare.call("health_check", nothing),
    },
    {
      name: `${name}: probe, sandbox`,
      calls: CALLS,
      baseline: `${name}: probe, bare instance`,
      before: sandbox.before,
      run: () => sandbox.current.call(call, nothing),
    },
    {
      name: `${name}: judgement, bare instance`,
      calls: CALLS,
      run: () => bare.call("health_check", ANSWER),
    },
    {
      name: `${name}: judgement, sandbox`,
      calls: CALLS,
      baseline: `${name}: judgement, bare instance`,
      before: sandbox.before,
      run: () => sandbox.current.call(call, ANSWER),
    },
  ];
}
