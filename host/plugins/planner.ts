/** What the host asks of a plugin, phase by phase, each answer held to the policy. */
import { log, millisecondsSince } from "../../src/model/log.ts";
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { PlanQuestion } from "../../src/model/plan_question.ts";
import { planShape, type Shape } from "../../src/model/batch.ts";
import type { Config } from "../../src/model/config_schema.ts";
import { Secret } from "../../src/model/secret.ts";
import { LoadError, partsOf } from "../../src/model/errors.ts";
import type { FailureKind } from "../../src/model/failure.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { CheckedPlan, SessionPlan } from "../../src/load/plan_cache.ts";
import {
  checkByVerifier,
  checkPlan,
  checkSessionStatements,
  type PlanRules,
} from "../../src/plan_policy/plan_policy.ts";
import type { Driver } from "../drivers/driver.ts";
import { sha256 } from "../platform/sha256.ts";
import { planRules } from "./plan_rules.ts";
import type { CallDraft } from "./sandbox/call.ts";
import type { Plugin } from "./sandbox/plugin.ts";
import type { Sandbox } from "./sandbox/sandbox.ts";

/** How a plugin judges the answer to its health probe. */
export type HealthJudgement = "healthy" | "degraded" | "unhealthy";

const JUDGEMENTS: readonly string[] = ["healthy", "degraded", "unhealthy"];
const ERROR_CLASSES: readonly FailureKind[] = ["unavailable", "conflict", "data", "unknown"];

/** What a plugin is asked with. */
export interface PlannerOptions {
  /** Its settings, without secrets. */
  readonly settings: Config;
  /** What its plans are for, and held to. */
  readonly driver: Pick<Driver, "family" | "dialect" | "grammar">;
}

/** One instance of a plugin and its settings. One question at a time. */
export class Planner {
  readonly #plugin: Plugin;
  readonly #sandbox: Sandbox;
  readonly #options: PlannerOptions;
  readonly #rules: PlanRules;

  private constructor(plugin: Plugin, sandbox: Sandbox, options: PlannerOptions) {
    this.#plugin = plugin;
    this.#sandbox = sandbox;
    this.#options = options;
    this.#rules = planRules(plugin, options.driver);
  }

  /** Makes an instance of the plugin. @throws {LoadError} `plugin_failed`, `plugin_violation`, `plugin_exhausted` */
  static async open(
    plugin: Plugin,
    options: PlannerOptions,
  ): Promise<Planner> {
    return new Planner(plugin, await plugin.open(), options);
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
    const { draft } = await this.#sandbox.call({
      phase: "connect",
      settings: this.#options.settings,
    });
    return checkSessionStatements(draft.session, "session", this.#rules);
  }

  /** Statements that end a session; none where the plugin does not export `close`. @throws {LoadError} */
  async teardown(): Promise<readonly string[]> {
    if (!this.#sandbox.exports("close")) return [];
    const { draft } = await this.#sandbox.call({
      phase: "close",
      settings: this.#options.settings,
    });
    return checkSessionStatements(draft.teardown, "teardown", this.#rules);
  }

  /**
   * The plan for a shape. The plugin is asked twice: a plan is a function of shape and settings, so a
   * second answer that differs comes of something else, and neither is to be trusted.
   *
   * @throws {LoadError} `plan_refused`, `plugin_failed`, `plugin_violation`, `plugin_exhausted`
   */
  async plan(shape: Shape): Promise<CheckedPlan> {
    try {
      return await this.#plan(shape);
    } catch (error) {
      if (!(error instanceof LoadError) || error.blame !== "plugin") throw error;
      const { code, blame, issues } = error;
      const { message, lines } = partsOf(error.message);
      if (code === "plan_refused") {
        this.#plugin.faults.add(message);
        log("policy", "a plan is refused", { at: issues[0]?.path });
      }
      throw new LoadError(message, {
        ...{ code, blame, issues, lines },
        question: this.#questionOf(shape),
      });
    }
  }

  async #plan(shape: Shape): Promise<CheckedPlan> {
    const first = await this.#drafted(shape);
    const second = await this.#drafted(shape);
    if (JSON.stringify(first) !== JSON.stringify(second)) {
      throw this.#sandbox.condemn("write_batch", "it planned the same shape in two ways");
    }
    const started = performance.now();
    const plan = this.#checked(first, shape);
    log("policy", "a plan follows its recipe", { ms: millisecondsSince(started) });
    const verifier = await this.#options.driver.grammar();
    const begun = performance.now();
    await checkByVerifier(plan, shape, { ...this.#rules, verifier });
    log("policy", "a plan is what its verifier expects", { ms: millisecondsSince(begun) });
    return { plan, hash: await hashOf(plan) };
  }

  #questionOf(shape: Shape): PlanQuestion {
    const { sha256, manifest: { name } } = this.#plugin;
    const settings = Object.entries(this.#options.settings)
      .filter((setting): setting is [string, string | number | boolean] =>
        !(setting[1] instanceof Secret)
      );
    return {
      plugin: { name, sha256 },
      settings: Object.fromEntries(settings),
      shape: planShape(shape),
    };
  }

  async #drafted(shape: Shape): Promise<CallDraft> {
    const { draft } = await this.#sandbox.call({
      phase: "write_batch",
      settings: this.#options.settings,
      shape,
    });
    return draft;
  }

  #checked(draft: CallDraft, shape: Shape): Plan {
    const { name } = this.#plugin.manifest;
    if (!draft.write) {
      throw new LoadError(
        `The plan of plugin ${name} writes nothing: sql_insert was not called`,
        {
          code: "plan_refused",
          blame: "plugin",
        },
      );
    }
    return checkPlan(
      {
        create: draft.create,
        prepare: draft.prepare,
        stage: draft.stage,
        merge: draft.merge,
        finish: draft.finish,
        batch: draft.batch ??
          { rowsMax: LIMITS.batchRowsDefault, bytesMax: LIMITS.batchBytesDefault },
        write: draft.write,
      },
      shape,
      this.#rules,
    );
  }

  /** The health probe. @throws {LoadError} */
  async healthProbe(): Promise<string> {
    const { draft } = await this.#sandbox.call({
      phase: "health_check",
      settings: this.#options.settings,
    });
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
      { phase: "health_check", settings: this.#options.settings },
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
      settings: this.#options.settings,
      errorCode: code,
    });
    return draft.errorClass === undefined ? "unknown" : ERROR_CLASSES[draft.errorClass]!;
  }

  /** Lets go of the instance. */
  close(): Promise<void> {
    return this.#sandbox.close();
  }
}

/** SHA-256 of a plan, in hex. */
export function hashOf(plan: Plan): Promise<string> {
  return sha256(JSON.stringify(plan));
}
