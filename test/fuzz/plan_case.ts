/**
 * One plan before the policy. It is accepted or refused, and nothing else; soon; the same way each time.
 * What was derived from the patterns is accepted. What is accepted goes out as the statements that it
 * seemed to be, and everybody who is asked thinks it harmless.
 */
import type { Shape } from "../../src/model/batch.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { checkPlan } from "../../src/plan_policy/plan_policy.ts";
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { Random } from "../crash/random.ts";
import { anyShape } from "./any_shape.ts";
import type { CaseReport } from "./case_report.ts";
import { dialectOf, FAMILIES, type Family } from "./family.ts";
import type { Judge } from "./judge.ts";
import { derivedPlan } from "./plan_derivation.ts";
import { mutatePlan } from "./plan_mutation.ts";
import { safeByWords } from "./plan_safety.ts";
import type { PlanSeed } from "./plan_seed.ts";
import { renderedFaults } from "./rendered_plan.ts";

/** What a check may take, for each 64 KiB of what is checked and once. */
const CHECK_MS_MAX = 50;
const STEP_BYTES = 64 * 1024;
/** A check that was slow is made again: the machine may have done something else meanwhile. */
const SECOND_LOOKS = 4;

interface Question {
  readonly family: Family;
  readonly shape: Shape;
  readonly draft: unknown;
  /** Whether the patterns say that it has to be accepted. */
  readonly fits: boolean;
}

/** One plan before the policy. */
export async function planCase(
  random: Random,
  { seeds, judge }: { readonly seeds: readonly PlanSeed[]; readonly judge: Judge },
): Promise<CaseReport> {
  const question = ask(random, seeds);
  const began = performance.now();
  const first = answer(question);
  const took = performance.now() - began;
  const findings = [...first.findings, ...slowness(question, took)];
  const second = answer(question);
  if (JSON.stringify(second) !== JSON.stringify(first)) {
    findings.push(`answered otherwise when asked again: ${JSON.stringify([first, second])}`);
  }
  if (question.fits && first.refused !== undefined) {
    findings.push(`refused what the patterns allow: ${first.refused}`);
  }
  if (first.accepted) {
    findings.push(...await acceptedFaults(first.accepted, { ...question, random, judge }));
  }
  const outcome = `${question.fits ? "derived" : "mutated"}, ${
    first.accepted ? "accepted" : "refused"
  }`;
  return { outcome, findings, slowestMs: took, shown: () => JSON.stringify(question) };
}

/** What is wrong with a plan that was accepted. */
export async function acceptedFaults(
  plan: Plan,
  { family, shape, random, judge }: {
    readonly family: Family;
    readonly shape: Shape;
    readonly random: Random;
    readonly judge: Judge;
  },
): Promise<string[]> {
  const accepted = { kind: "plan", family, plan, shape } as const;
  const opinions = [await safeByWords(accepted), await judge(accepted)];
  return [
    ...opinions.filter((opinion) => opinion !== undefined),
    ...renderedFaults(plan, { shape, family, random }),
  ];
}

function ask(random: Random, seeds: readonly PlanSeed[]): Question {
  if (random.below(3) === 0) {
    const { family, shape, plan } = random.oneOf(seeds);
    return { family, fits: false, ...mutatePlan({ family, shape, plan }, random) };
  }
  const family = random.oneOf(FAMILIES);
  const shape = anyShape(random);
  const plan = derivedPlan({ dialect: dialectOf(family), shape, random })!;
  if (random.below(2) === 0) return { family, shape, draft: plan, fits: true };
  return { family, fits: false, ...mutatePlan({ family, shape, plan }, random) };
}

interface Answer {
  readonly accepted?: Plan;
  readonly refused?: string;
  readonly findings: readonly string[];
}

function answer({ family, shape, draft }: Question): Answer {
  try {
    const plan = checkPlan(draft, shape, { plugin: "fuzz", dialect: dialectOf(family) });
    const same = JSON.stringify(plan) === JSON.stringify(draft);
    return { accepted: plan, findings: same ? [] : ["accepted another plan than it was given"] };
  } catch (error) {
    const typed = error instanceof LoadError && error.code === "plan_refused" &&
      error.blame === "plugin";
    return {
      refused: messageOf(error),
      findings: typed ? [] : [`threw ${(error as Error)?.stack ?? error}`],
    };
  }
}

function slowness(question: Question, tookMs: number): string[] {
  const bytes = JSON.stringify(question.draft).length;
  const bound = CHECK_MS_MAX * (1 + bytes / STEP_BYTES);
  let took = tookMs;
  for (let looks = 0; looks < SECOND_LOOKS && took > bound; looks++) {
    const began = performance.now();
    answer(question);
    took = Math.min(took, performance.now() - began);
  }
  return took > bound ? [`took ${took.toFixed(0)} ms for ${bytes} bytes`] : [];
}
