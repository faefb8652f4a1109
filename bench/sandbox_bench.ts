/** What a plugin's bytes go through before one of them runs, and what fuel costs a plan afterwards. */
import { decodeModule } from "../host/plugins/sandbox/decode.ts";
import { meterModule } from "../host/plugins/sandbox/meter.ts";
import { vetModule } from "../host/plugins/sandbox/vet.ts";
import { NO_GRANTS } from "../src/plan_policy/grant.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { neverSeen } from "./never_seen.ts";
import { pluginBytes } from "./place.ts";

/** Both plugins, whole and in parts; each time a module that nobody has seen. */
export async function sandboxSuite(): Promise<BenchSuite> {
  const cases: BenchCase[] = [];
  for (const name of ["libsql", "postgresql"]) cases.push(...await casesOf(name));
  return { name: "sandbox", title: "A plugin's bytes before they run", cases };
}

async function casesOf(name: string): Promise<BenchCase[]> {
  const bytes = await pluginBytes(name);
  const next = neverSeen(bytes);
  const decoded = decodeModule(bytes);
  const nextMetered = neverSeen(meterModule(decoded));
  return [
    {
      name: `${name}: vetted, metered, compiled`,
      goal: { kind: "time", msMax: 1 },
      run: () => vetModule(next(), NO_GRANTS, name),
    },
    { name: `${name}, in parts: decoded`, run: () => decodeModule(bytes) },
    { name: `${name}, in parts: metered`, run: () => meterModule(decoded) },
    { name: `${name}, in parts: validated`, run: () => WebAssembly.validate(next()) },
    { name: `${name}, in parts: compiled`, run: () => new WebAssembly.Module(nextMetered()) },
    { name: `${name}, in parts: made such that nobody has seen it`, run: () => next() },
  ];
}
