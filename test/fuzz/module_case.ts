/**
 * One mutant of a module before the host: it is refused or let in, and nothing else. What is let in is
 * run as plugins are run.
 */
import { LoadError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { CAPABILITIES, type CapabilityName } from "../../src/plugin_api/capability.ts";
import { type Grants, NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { decodeModule } from "../../host/plugins/sandbox/decode.ts";
import { meterModule } from "../../host/plugins/sandbox/meter.ts";
import { admitPlugin, type Plugin } from "../../host/plugins/sandbox/plugin.ts";
import type { Random } from "../crash/random.ts";
import { authorityFaults } from "./module_authority.ts";
import type { CaseReport } from "./case_report.ts";
import { missingCharges } from "./charge_check.ts";
import type { InstanceWatch } from "./instance_watch.ts";
import type { Judge } from "./judge.ts";
import { mutant } from "./module_mutation.ts";
import type { ModuleSeeds } from "./module_seed.ts";
import { runPlugin } from "./plugin_run.ts";

const FILE = "mutant.wasm";
/** What refusing a module may take. */
const VET_MS_MAX = 1_000;
/** What letting one in may take, which calls it once. */
const ADMIT_MS_MAX = 5_000;
/** The engine is asked about what we call no module, as long as that costs little. */
const ASKED_BYTES_MAX = 256 * 1024;
/** Fuel of most calls: some times what an honest one needs, so that endless ones end soon. */
const SMALL_TANK = 1_000_000;
const FULL_TANK = LIMITS.fuelPerCall;
/** One of so many mutants has as much fuel as plugins have. */
const FULL_TANK_EVERY = 200;
/** One of so many mutants has its metered code looked at. */
const CHARGES_EVERY = 5;
const EVERY_GRANT: Grants = new Set(Object.keys(CAPABILITIES) as CapabilityName[]);

/** What cases need from outside. */
export interface ModuleWorld extends ModuleSeeds {
  readonly watch: InstanceWatch;
  readonly judge: Judge;
}

/** One mutant of a module before the host: it is refused or let in, and nothing else. */
export async function moduleCase(random: Random, world: ModuleWorld): Promise<CaseReport> {
  const { bytes, origin } = mutant(random, world);
  const grants = random.oneOf([EVERY_GRANT, NO_GRANTS]);
  const full = random.below(FULL_TANK_EVERY) === 0;
  // The limit itself, of this process alone: the host fills the tank before each call.
  Object.assign(LIMITS, { fuelPerCall: full ? FULL_TANK : SMALL_TANK });
  const shown = () => `${origin.name}: ${bytes.toBase64()}`;
  // Of a mutant that was let in before, with the same bytes, the host knows everything.
  world.watch.forget();
  const began = performance.now();
  const admitting = admitPlugin(bytes, { file: FILE, grants });
  const refusal = await refusalOf(admitting, bytes);
  const slowestMs = performance.now() - began;
  if (refusal) {
    if (slowestMs > VET_MS_MAX) refusal.findings.push(...await slowness(bytes, grants));
    return { ...refusal, slowestMs, shown };
  }
  const findings = authorityFaults(bytes, grants);
  if (slowestMs > ADMIT_MS_MAX) findings.push(`it took ${slowestMs.toFixed(0)} ms to let it in`);
  if (random.below(CHARGES_EVERY) === 0) {
    findings.push(...missingCharges(bytes, meterModule(decodeModule(bytes))));
  }
  const run = await runPlugin(bytes, { ...world, random, grants, admitting });
  return {
    outcome: run.outcome,
    findings: [...findings, ...run.findings],
    slowestMs: Math.max(slowestMs, run.slowestMs),
    shown,
  };
}

/** Refuses it once more: the machine may have done something else meanwhile. */
async function slowness(bytes: Uint8Array<ArrayBuffer>, grants: Grants): Promise<string[]> {
  const began = performance.now();
  await refusalOf(admitPlugin(bytes, { file: FILE, grants }), bytes);
  const took = performance.now() - began;
  return took > VET_MS_MAX ? [`it took ${took.toFixed(0)} ms to refuse it`] : [];
}

/** Waits until it is let in; what comes of its manifest is looked at later. */
async function refusalOf(
  admitting: Promise<Plugin>,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<{ readonly outcome: string; readonly findings: string[] } | undefined> {
  try {
    await admitting;
    return undefined;
  } catch (error) {
    if (!(error instanceof LoadError) || error.blame !== "plugin") {
      return {
        outcome: "refused",
        findings: [`vetting threw ${(error as Error)?.stack ?? error}`],
      };
    }
    if (error.code === "plugin_refused") return { outcome: "refused", findings: [] };
    if (error.code !== "plugin_unreadable") return undefined;
    const known = bytes.length <= ASKED_BYTES_MAX && WebAssembly.validate(bytes);
    const findings = known ? [`the engine reads it: ${error.message}`] : [];
    return { outcome: "unreadable", findings };
  }
}
