/** A plan by a plugin with fuel, and by the same plugin without: interleaved, so that the ratio holds. */
import { type Shape, WRITE_MODES } from "../mod.ts";
import { Sandbox } from "../host/plugins/sandbox/sandbox.ts";
import { vetModule } from "../host/plugins/sandbox/vet.ts";
import { NO_GRANTS } from "../src/plan_policy/grant.ts";
import { settingsOf } from "../test/support/built_plugin.ts";
import { admitPlugin } from "../host/plugins/sandbox/plugin.ts";
import { unmeteredModule } from "../test/support/unmetered_module.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { pluginBytes } from "./place.ts";
import { Renewed } from "./renewed.ts";
import { nodeShape, wideShape } from "./sample_shape.ts";

const GOAL = { kind: "ratio", timesMax: 1.1 } as const;
/** Plans in one sample. */
const CALLS = { narrow: 10, wide: 1 } as const;

/** Each mode of both plugins, for thirteen columns and for two hundred. */
export async function meteringSuite(): Promise<BenchSuite> {
  const cases: BenchCase[] = [];
  for (const name of ["libsql", "postgresql"]) cases.push(...await casesOf(name));
  return { name: "metering", title: "What fuel costs a plan", cases, inTurns: true };
}

async function casesOf(name: string): Promise<BenchCase[]> {
  const bytes = new Uint8Array(await pluginBytes(name));
  const settings = settingsOf(await admitPlugin(bytes, { file: name, grants: NO_GRANTS }));
  const { module, imports } = vetModule(bytes, NO_GRANTS, name);
  const original = new WebAssembly.Module(unmeteredModule(bytes));
  const openings = {
    original: () => Sandbox.open(original, { name, imports }),
    metered: () => Sandbox.open(module, { name, imports }),
  };
  const cases: BenchCase[] = [];
  const add = (about: string, shape: Shape, calls: number) => {
    const baseline = `${about}: without fuel`;
    const side = (which: keyof typeof openings) => {
      const instance = new Renewed(openings[which]);
      const run = () => instance.current.call({ phase: "write_batch", settings, shape });
      return { calls, before: instance.before, run };
    };
    cases.push(
      { name: baseline, ...side("original") },
      { name: `${about}: metered`, baseline, goal: GOAL, ...side("metered") },
    );
  };
  for (const mode of WRITE_MODES) {
    add(`${name} ${mode}`, nodeShape("nodes", mode), CALLS.narrow);
    add(`${name} ${mode}, wide`, wideShape("wide", mode), CALLS.wide);
  }
  return cases;
}
