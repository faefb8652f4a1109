/**
 * The plan verifier: what the database itself makes of a plan that the patterns have let through,
 * with its slots filled. The patterns hold what a plugin writes to what we know; this holds what is sent
 * to what the database reads.
 */
import type { Plan } from "../plugin_api/plan.ts";
import type { Shape } from "../model/batch.ts";
import type { AskedWord } from "../plugin_api/words.ts";
import type { Refusal } from "./recipes.ts";

/** The parser or the engine of a family, loaded. What it does not know to be harmless, it refuses. */
export interface PlanVerifier {
  /** Why a plan is refused; undefined where every statement is what its place asks for. */
  refusalOf(
    plan: Plan,
    shape: Shape,
    /** Words of the plugin's manifest that were granted; none by default. */
    words?: readonly AskedWord[],
  ): Refusal | undefined | Promise<Refusal | undefined>;
}
