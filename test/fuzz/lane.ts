/** What is fuzzed: three lanes of cases, each case by its number. */
import { Random } from "../crash/random.ts";
import type { CaseReport } from "./case_report.ts";
import { formCase } from "./form_case.ts";
import { InstanceWatch } from "./instance_watch.ts";
import { jsonCase } from "./json_case.ts";
import type { Judge } from "./judge.ts";
import { moduleCase } from "./module_case.ts";
import { moduleSeeds } from "./module_seed.ts";
import { planCase } from "./plan_case.ts";
import { planSeeds } from "./plan_seed.ts";
import { sessionCase } from "./session_case.ts";

/** Mutants of plugins; plans, statements and forms; texts of JSON. */
export const LANES = ["modules", "statements", "texts"] as const;

/** See {@linkcode LANES}. */
export type Lane = typeof LANES[number];

/** Runs one case. */
export type Cases = (index: number) => Promise<CaseReport>;

/** Of ten statement cases this many are of sessions, and of forms; the others are whole plans. */
const SHARES = { session: 1, form: 1, of: 10 } as const;

/** Makes a lane ready. The same seed and number are the same case, in whatever order. */
export async function openLane(
  lane: Lane,
  { seed, judge }: { readonly seed: number; readonly judge: Judge },
): Promise<Cases> {
  const randomOf = (index: number) =>
    new Random(mixed(seed, index + LANES.indexOf(lane) * 2 ** 30));
  switch (lane) {
    case "modules": {
      const world = { ...await moduleSeeds(), watch: InstanceWatch.begin(), judge };
      return (index) => moduleCase(randomOf(index), world);
    }
    case "statements": {
      const world = { seeds: await planSeeds(), judge };
      return async (index) => {
        const random = randomOf(index);
        const share = random.below(SHARES.of);
        if (share < SHARES.session) return await sessionCase(random, world);
        if (share < SHARES.session + SHARES.form) return formCase(random, world);
        return await planCase(random, world);
      };
    }
    case "texts":
      return (index) => Promise.resolve(jsonCase(randomOf(index)));
  }
}

/** Spreads numbers that lie side by side; the end of MurmurHash3, by Austin Appleby. */
function mixed(seed: number, index: number): number {
  let hash = Math.imul(seed ^ Math.imul(index, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
