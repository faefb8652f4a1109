/**
 * What a plugin planned, by plugin, settings and, for loads, shape: in steady state the sandbox is
 * not on the path.
 */
import type { Plan } from "../plugin_api/plan.ts";

/** A plan that has passed the policy, with its hash. */
export interface CheckedPlan {
  readonly plan: Plan;
  /** SHA-256 of the plan as JSON, in hex. */
  readonly hash: string;
}

/** What a plugin plans for every session with the same settings. */
export interface SessionPlan {
  /** Statements that open a session. */
  readonly session: readonly string[];
  /** Statements that end one. */
  readonly teardown: readonly string[];
  /** The health statement. */
  readonly probe: string;
}

/** A bounded cache; the oldest entry goes first. */
export class PlanCache<P = CheckedPlan> {
  readonly #plans = new Map<string, P>();
  readonly #entriesMax: number;

  /** Keeps up to `entriesMax` plans, 256 by default. */
  constructor(entriesMax = 256) {
    this.#entriesMax = entriesMax;
  }

  /** The plan under the key, or the one that `make` brings. Two callers at once may both make it. */
  async get(key: string, make: () => Promise<P>): Promise<P> {
    const known = this.#plans.get(key);
    if (known) return known;
    const made = await make();
    if (this.#plans.size >= this.#entriesMax) {
      this.#plans.delete(this.#plans.keys().next().value!);
    }
    this.#plans.set(key, made);
    return made;
  }

  /** Another one with the same plans, of which this one hears nothing. */
  copy(): PlanCache<P> {
    const copy = new PlanCache<P>(this.#entriesMax);
    for (const [key, plan] of this.#plans) copy.#plans.set(key, plan);
    return copy;
  }

  /** Every plan that is kept, the newest first. */
  newest(): readonly P[] {
    return [...this.#plans.values()].reverse();
  }

  /** Forgets the plan under the key, as after a change of the table. */
  delete(key: string): void {
    this.#plans.delete(key);
  }
}
