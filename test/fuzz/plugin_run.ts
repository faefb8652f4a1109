/**
 * Runs a module that was let in as the host runs plugins: its manifest, its sessions, plans, probes, its
 * words on errors. Whatever it does, what comes out is an answer or a typed error that blames it, soon,
 * and with no more fuel than it had.
 */
import type { Manifest } from "../../src/plugin_api/manifest.ts";
import { ABI_VERSION } from "../../src/plugin_api/version.ts";
import { type ErrorCode, LoadError } from "../../src/model/errors.ts";
import { compileConfigSchema, type Config } from "../../src/model/config_schema.ts";
import { parse } from "../../src/config/parse.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { SessionPhase } from "../../src/plan_policy/recipes.ts";
import type { Grants } from "../../src/plan_policy/grant.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { FaultCount } from "../../host/plugins/sandbox/fault_count.ts";
import { Planner } from "../../host/plugins/planner.ts";
import type { Plugin } from "../../host/plugins/sandbox/plugin.ts";
import { Sandbox } from "../../host/plugins/sandbox/sandbox.ts";
import { vetModule } from "../../host/plugins/sandbox/vet.ts";
import type { Random } from "../crash/random.ts";
import { ALL_FAMILIES } from "../families/families.ts";
import { FAMILIES, type Family } from "./family.ts";
import { chargeMax } from "./fuel_bound.ts";
import type { InstanceWatch } from "./instance_watch.ts";
import type { Judge } from "./judge.ts";
import { anyShape } from "./any_shape.ts";
import { sizeFaults } from "./module_authority.ts";
import { acceptedFaults } from "./plan_case.ts";
import { acceptedSessionFaults } from "./session_case.ts";

/** What a call may take of the time: fuel is what bounds it, so this only has to be far beyond. */
const CALL_MS_MAX = 5_000;
const FILE = "mutant.wasm";
/** Codes that a plugin is blamed with once it was let in. */
const CODES: ReadonlySet<ErrorCode> = new Set([
  ...["plugin_manifest", "plugin_failed", "plugin_violation", "plugin_exhausted"] as const,
  ...["plugin_quarantined", "plan_refused"] as const,
]);
/** What became of a mutant, the worst first. */
const OUTCOMES: readonly (readonly [ErrorCode, string])[] = [
  ["plugin_exhausted", "exhausted"],
  ["plugin_violation", "violated"],
  ["plugin_failed", "failed"],
];
const ERROR_CODES: readonly string[] = [
  ...ALL_FAMILIES.map(({ errorCodes }) => errorCodes[0]),
  ...["", "é\u0001😀", "x".repeat(5_000)],
];

/** What became of one mutant. */
export interface RunReport {
  readonly outcome: string;
  readonly findings: readonly string[];
  readonly slowestMs: number;
}

interface RunOptions {
  readonly random: Random;
  readonly watch: InstanceWatch;
  readonly judge: Judge;
  readonly grants: Grants;
  /** What becomes of the module as it is let in and says its manifest. */
  readonly admitting: Promise<Plugin>;
}

/**
 * Runs a module that was let in as the host runs plugins: its manifest, its sessions, plans,
 * probes, its words on errors.
 */
export async function runPlugin(
  bytes: Uint8Array<ArrayBuffer>,
  options: RunOptions,
): Promise<RunReport> {
  const run = new Run(bytes, options);
  await run.all();
  const [, worst] = OUTCOMES.find(([code]) => run.codes.has(code)) ?? [undefined, "ran to its end"];
  return { outcome: worst, findings: run.findings, slowestMs: run.slowestMs };
}

/** Asks a planner. Returns what is to be looked at where it answers. */
type Question = (planner: Planner) => Promise<(() => Promise<readonly string[]>) | void>;

class Run {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #options: RunOptions;
  readonly codes = new Set<ErrorCode>();
  readonly findings: string[] = [];
  slowestMs = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>, options: RunOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  async all(): Promise<void> {
    const { admitting, random } = this.#options;
    const admitted = await this.#ask("manifest", () => admitting);
    // A mutant whose manifest is spoilt has other exports that may be called all the same.
    const plugin = admitted ?? this.#pluginAnyhow();
    const { driver } = plugin.manifest;
    const family: Family = FAMILIES.includes(driver) ? driver : FAMILIES[0]!;
    const settings = this.#settings(plugin.manifest);
    const asked = { settings, driver: await loadDriver(family) };
    let planner: Planner | undefined;
    for (const [name, question] of this.#questions(family)) {
      if (planner?.usable !== true) {
        await planner?.close();
        planner = await this.#ask("start", () => Planner.open(plugin, asked));
      }
      const now = planner;
      if (!now || random.below(6) === 0) continue;
      // What it looks at afterwards must not fail with an error that would be the plugin's.
      const check = await this.#ask(name, () => question(now));
      if (check) this.findings.push(...await check());
    }
    await planner?.close();
  }

  /** What planners are asked, in the order of a load. */
  #questions(family: Family): readonly (readonly [string, Question])[] {
    const { random, judge } = this.#options;
    const accepted = (statements: readonly string[], phase: SessionPhase) => () =>
      acceptedSessionFaults(statements, { family, phase, judge });
    return [
      ["connect", async (planner) => accepted(await planner.session(), "session")],
      ["health_check", async (planner) => accepted([await planner.healthProbe()], "health")],
      ["health_check", async (planner) => {
        await planner.judgeHealth({ latencyMs: random.below(1_000), text: "1" });
      }],
      ["write_batch", async (planner) => {
        const shape = anyShape(random);
        const { plan } = await planner.plan(shape);
        return () => acceptedFaults(plan, { family, shape, random, judge });
      }],
      ["classify_error", async (planner) => {
        await planner.classify(random.oneOf(ERROR_CODES));
      }],
      ["close", async (planner) => accepted(await planner.teardown(), "teardown")],
    ];
  }

  async #ask<T>(what: string, question: () => Promise<T>): Promise<T | undefined> {
    const began = performance.now();
    let code: ErrorCode | undefined;
    try {
      return await question();
    } catch (error) {
      const known = error instanceof LoadError && CODES.has(error.code) && error.blame === "plugin";
      if (known) this.codes.add(code = error.code);
      else this.findings.push(`${what} threw ${(error as Error)?.stack ?? error}`);
      return undefined;
    } finally {
      const took = performance.now() - began;
      this.slowestMs = Math.max(this.slowestMs, took);
      if (took > CALL_MS_MAX) this.findings.push(`${what} took ${took.toFixed(0)} ms`);
      this.#checkFuel(what, code);
      this.findings.push(...sizeFaults(this.#options.watch.exports));
    }
  }

  /** Below zero only where that ended the call, and no further than one fuel cost goes. */
  #checkFuel(what: string, code: ErrorCode | undefined): void {
    const left = this.#options.watch.fuel;
    if (left > BigInt(LIMITS.fuelPerCall)) this.findings.push(`${what} has more fuel than it had`);
    if (code === "plugin_exhausted" && left >= 0n) {
      this.findings.push(`${what} has ${left} of its fuel left, and is said to have used it up`);
    }
    if (left >= 0n) return;
    if (
      code !== "plugin_exhausted" && code !== "plugin_violation" && code !== "plugin_quarantined"
    ) {
      this.findings.push(
        `${what} went on with ${left} of fuel, and ended with ${code ?? "success"}`,
      );
    }
    const bound = chargeMax(this.#bytes);
    if (-left > bound) {
      this.findings.push(`${what} is ${-left} below zero, one fuelCost takes ${bound}`);
    }
  }

  #pluginAnyhow(): Plugin {
    const { grants } = this.#options;
    const { module, imports } = vetModule(this.#bytes, grants, FILE);
    const name = "mutant";
    const faults = new FaultCount(name);
    const onFault = (what: string) => faults.add(what);
    return {
      file: FILE,
      sha256: "",
      bytes: this.#bytes.length,
      manifest: MANIFEST_ANYHOW,
      grants,
      imports,
      faults,
      open: async () => {
        faults.check();
        return await Sandbox.open(module, { name, imports, onFault });
      },
    };
  }

  /** Settings as the manifest wants them; none where it wants what nobody can give. */
  #settings({ config }: Manifest): Config {
    const given = { jsonType: "json", cacheMegabytes: 3 };
    const wanted = Object.fromEntries(
      Object.entries(given).filter(([name]) => Object.hasOwn(config.properties, name)),
    );
    for (const value of this.#options.random.below(2) === 0 ? [wanted, {}] : [{}]) {
      try {
        const failure = { what: "Settings", code: "config_invalid", blame: "config" } as const;
        return parse(compileConfigSchema(config), value, failure);
      } catch (error) {
        if (!(error instanceof LoadError)) this.findings.push(`settings threw ${error}`);
      }
    }
    return {};
  }
}

const MANIFEST_ANYHOW: Manifest = {
  abi: ABI_VERSION,
  name: "mutant",
  version: "0.0.0",
  backend: "mutant",
  driver: FAMILIES[0]!,
  schemes: ["mutant"],
  config: { type: "object", properties: {} },
  capabilities: {
    modes: ["append"],
    transactions: true,
    limits: { parametersMax: 1, rowsPerStatementMax: 1, identifierBytesMax: 1 },
  },
};
