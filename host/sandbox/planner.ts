/** What the host asks of a plugin, phase by phase, each answer held to the policy. */
import type { Shape } from "../../src/batch.ts";
import type { Config } from "../../src/config/schema.ts";
import { LoadError } from "../../src/errors.ts";
import type { FailureKind } from "../../src/failure.ts";
import { LIMITS } from "../../src/limits.ts";
import type { CheckedPlan, SessionPlan } from "../../src/loader/plan_cache.ts";
import type { Dialect } from "../../src/policy/dialect.ts";
import { checkPlan, checkSessionStatements, type PlanRules } from "../../src/policy/plan_policy.ts";
import { sha256 } from "../sha256.ts";
import type { Plugin } from "./plugin.ts";
import type { Sandbox } from "./sandbox.ts";

/** How a plugin judges the answer to its health probe. */
export type HealthJudgement = "healthy" | "degraded" | "unhealthy";

const JUDGEMENTS: readonly string[] = ["healthy", "degraded", "unhealthy"];
const ERROR_CLASSES: readonly FailureKind[] = ["unavailable", "conflict", "data", "unknown"];

/** One instance of a plugin and its settings. One question at a time. */
export class Planner {
  readonly #plugin: Plugin;
  readonly #sandbox: Sandbox;
  readonly #settings: Config;
  readonly #rules: PlanRules;

  private constructor(
    plugin: Plugin,
    sandbox: Sandbox,
    { settings, dialect }: { readonly settings: Config; readonly dialect: Dialect },
  ) {
    this.#plugin = plugin;
    this.#sandbox = sandbox;
    this.#settings = settings;
    this.#rules = { plugin: plugin.manifest.name, dialect };
  }

  /** Makes an instance of the plugin. @throws {LoadError} `plugin_failed`, `plugin_violation`, `plugin_exhausted` */
  static async open(
    plugin: Plugin,
    asked: { readonly settings: Config; readonly dialect: Dialect },
  ): Promise<Planner> {
    return new Planner(plugin, await plugin.open(), asked);
  }

  /** Whether it can still be asked: not after a trap or a violation. */
  get usable(): boolean {
    return this.#sandbox.usable;
  }

  /** Everything that concerns sessions. @throws {LoadError} */
  async sessions(): Promise<SessionPlan> {
    return {
      session: await this.session(),
      teardown: await this.teardown(),
      probe: await this.healthProbe(),
    };
  }

  /** Statements that open a session. @throws {LoadError} */
  async session(): Promise<readonly string[]> {
    const { draft } = await this.#sandbox.call({ phase: "connect", settings: this.#settings });
    return checkSessionStatements(draft.session, "session", this.#rules);
  }

  /** Statements that end a session; none where the plugin does not export `close`. @throws {LoadError} */
  async teardown(): Promise<readonly string[]> {
    if (!this.#sandbox.exports("close")) return [];
    const { draft } = await this.#sandbox.call({ phase: "close", settings: this.#settings });
    return checkSessionStatements(draft.teardown, "teardown", this.#rules);
  }

  /** The plan for a shape. @throws {LoadError} `plan_refused`, `plugin_failed`, `plugin_violation`, `plugin_exhausted` */
  async plan(shape: Shape): Promise<CheckedPlan> {
    const { name } = this.#plugin.manifest;
    const { draft } = await this.#sandbox.call({
      phase: "write_batch",
      settings: this.#settings,
      shape,
    });
    if (!draft.write) {
      throw new LoadError(
        `The plan of plugin ${name} writes nothing: neither sql_copy nor sql_insert was called`,
        {
          code: "plan_refused",
          blame: "plugin",
        },
      );
    }
    const plan = checkPlan(
      {
        create: draft.create,
        prepare: draft.prepare,
        stage: draft.stage,
        merge: draft.merge,
        finish: draft.finish,
        batch: draft.batch ?? { rowsMax: LIMITS.batchRowsMax, bytesMax: LIMITS.batchBytesMax },
        write: draft.write,
      },
      shape,
      this.#rules,
    );
    return { plan, hash: await sha256(JSON.stringify(plan)) };
  }

  /** The health probe. @throws {LoadError} */
  async healthProbe(): Promise<string> {
    const { draft } = await this.#sandbox.call({ phase: "health_check", settings: this.#settings });
    const [statement] = checkSessionStatements(draft.health, "health", this.#rules);
    if (statement === undefined) {
      throw new LoadError(
        `Plugin ${this.#plugin.manifest.name} has no health probe: sql_health was not called`,
        {
          code: "plugin_failed",
          blame: "plugin",
        },
      );
    }
    return statement;
  }

  /** The plugin's word on what its probe brought. @throws {LoadError} */
  async judgeHealth(answer: { latencyMs: number; text: string }): Promise<HealthJudgement> {
    const input = new TextEncoder().encode(
      JSON.stringify({
        latencyMs: Math.round(answer.latencyMs),
        text: answer.text.slice(0, 1_000),
      }),
    );
    const { output } = await this.#sandbox.call(
      { phase: "health_check", settings: this.#settings },
      input,
    );
    if (!JUDGEMENTS.includes(output)) {
      throw new LoadError(
        `Plugin ${this.#plugin.manifest.name} judged its health with a word of its own, known are ${
          JUDGEMENTS.join(", ")
        }`,
        { code: "plugin_failed", blame: "plugin" },
      );
    }
    return output as HealthJudgement;
  }

  /** What a code means that the driver does not know; `unknown` where the plugin has no word on it. */
  async classify(code: string): Promise<FailureKind> {
    if (!this.#sandbox.exports("classify_error")) return "unknown";
    const { draft } = await this.#sandbox.call({
      phase: "classify_error",
      settings: this.#settings,
      errorCode: code,
    });
    return draft.errorClass === undefined ? "unknown" : ERROR_CLASSES[draft.errorClass]!;
  }

  /** Lets go of the instance. */
  close(): Promise<void> {
    return this.#sandbox.close();
  }
}
