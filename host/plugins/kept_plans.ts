/**
 * What a plugin plans, from what it has answered before. That is held to the policy again, but the
 * database's own parser has read it when it was asked for first. Where nothing is kept, or the policy
 * has changed, the plugin is asked.
 */
import { log, type LogFigures, millisecondsSince } from "../../src/model/log.ts";
import { inStep } from "../../src/model/step.ts";
import * as v from "valibot";
import { type Shape, shapeKey } from "../../src/model/batch.ts";
import type { CheckedPlan, SessionPlan } from "../../src/load/plan_cache.ts";
import {
  checkPlan,
  checkSessionStatements,
  type PlanRules,
} from "../../src/plan_policy/plan_policy.ts";
import type { KeptAnswers, Question } from "../platform/kept_answers.ts";
import { planRules } from "./plan_rules.ts";
import { hashOf, Planner, type PlannerOptions } from "./planner.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** Whom to ask. */
export interface KeptPlansOptions extends PlannerOptions {
  readonly plugin: Plugin;
  /** The settings in one line, without secrets. */
  readonly settingsKey: string;
  readonly kept: KeptAnswers;
}

const SessionPlanSchema = v.strictObject({
  session: v.array(v.string()),
  teardown: v.array(v.string()),
  probe: v.string(),
});

/** A question, and what becomes of its answer. */
interface Asking<T> {
  readonly question: Question;
  /** What is kept, held to the policy; throws where it is not what it was. */
  readonly recall: (kept: unknown) => T | Promise<T>;
  readonly ask: (planner: Planner) => Promise<T>;
  readonly keep: (answer: T) => unknown;
}

/** What a plugin plans, from what it has answered before. */
export class KeptPlans {
  readonly #options: KeptPlansOptions;
  readonly #rules: PlanRules;

  /** Plans of one plugin with one set of settings. */
  constructor(options: KeptPlansOptions) {
    this.#options = options;
    this.#rules = planRules(options.plugin, options.driver);
  }

  /** The checked plan for a shape. @throws {LoadError} what {@linkcode Planner.plan} throws */
  plan(shape: Shape): Promise<CheckedPlan> {
    return this.#answer({
      question: this.#question("plan", shapeKey(shape)),
      recall: async (kept) => {
        const plan = checkPlan(kept, shape, this.#rules);
        return { plan, hash: await hashOf(plan) };
      },
      ask: (planner) => planner.plan(shape),
      keep: ({ plan }) => plan,
    });
  }

  /** What it plans for sessions. @throws {LoadError} what {@linkcode Planner.sessions} throws */
  sessions(): Promise<SessionPlan> {
    return this.#answer({
      question: this.#question("sessions"),
      recall: (kept) => {
        const plan = v.parse(SessionPlanSchema, kept);
        checkSessionStatements(plan.session, "session", this.#rules);
        checkSessionStatements(plan.teardown, "teardown", this.#rules);
        checkSessionStatements([plan.probe], "health", this.#rules);
        return plan;
      },
      ask: (planner) => planner.sessions(),
      keep: (plan) => plan,
    });
  }

  #question(kind: Question[0], ...about: string[]): Question {
    const { plugin, driver, settingsKey } = this.#options;
    return [kind, driver.family, plugin.sha256, settingsKey, ...about];
  }

  #about([of]: Question): LogFigures {
    const { name, version } = this.#options.plugin.manifest;
    return { of: of === "plan" ? "a load" : "sessions", plugin: name, version };
  }

  #answer<T>(asking: Asking<T>): Promise<T> {
    return inStep("plan", this.#about(asking.question), () => this.#find(asking));
  }

  async #find<T>({ question, recall, ask, keep }: Asking<T>): Promise<T> {
    const { plugin, kept } = this.#options;
    plugin.faults.check();
    const known = await kept.get(question);
    try {
      if (known !== undefined) {
        const started = performance.now();
        const answer = await recall(known);
        log("plan", "kept from an earlier run, checked again", {
          ...this.#about(question),
          ms: millisecondsSince(started),
        });
        return answer;
      }
    } catch {
      // It is asked for again.
    }
    const started = performance.now();
    const planner = await Planner.open(plugin, this.#options);
    try {
      const answer = await ask(planner);
      log("plan", "asked of the plugin", {
        ...this.#about(question),
        ms: millisecondsSince(started),
      });
      await kept.add(question, keep(answer));
      return answer;
    } finally {
      await planner.close();
    }
  }
}
