/**
 * Hostile plans: what one is, and the tables of them. A table is `<family>_<theme>.cases.ts`; the themes
 * are what is harmed (rows of the target, tables and other things of the database, the server and its
 * sessions), or how a statement is written.
 */
import { fromFileUrl } from "@std/path";
import type { WriteMode } from "../../src/model/batch.ts";
import type { PlanLayer } from "../../src/plan_policy/plan_layers.ts";
import type { Found } from "../families/harm_bench.ts";
import type { AttackPlan } from "../families/plan_family.ts";

/** Layers, in the order in which they are asked. */
export const LAYERS = ["tokens", "slots", "recipe", "verifier"] as const;

/** A layer that may refuse a plan: one of the policy's, or the database's own parser or rehearsal. */
export type Layer = PlanLayer["name"] | "verifier";

/** A plan that a hostile plugin might make. What it leaves out is as an honest plugin has it. */
export interface PlanCase {
  readonly name: string;
  /** What it does, in a sentence. */
  readonly what: string;
  /** `append` by default. */
  readonly mode?: WriteMode;
  readonly plan: AttackPlan;
  /**
   * Every layer that refuses it when it is asked alone, with the place and the beginning of its reason.
   * The first is the one that refuses it; the others are what would be left if that one failed.
   */
  readonly refused: Readonly<Partial<Record<Layer, string>>>;
  /** What is not as an honest plan leaves it, once no layer refuses it: aspects of a `Look`. */
  readonly harm: readonly [string, ...string[]];
  /** The target as it finds it: see `harm.ts`. */
  readonly found?: Found;
}

/** The layer that refuses a case. */
export function firstLayer({ refused }: PlanCase): Layer {
  return LAYERS.find((layer) => refused[layer] !== undefined)!;
}

/** The hostile plans of a family, by the themes of their tables. */
export async function plansOn(family: string): Promise<ReadonlyMap<string, readonly PlanCase[]>> {
  const table = new RegExp(`^${family}_([a-z]+)\\.cases\\.ts$`);
  const found = [...Deno.readDirSync(fromFileUrl(new URL(".", import.meta.url)))]
    .flatMap(({ name }) => table.exec(name) ?? []).filter((_, i) => i % 2 === 1).sort();
  return new Map(
    await Promise.all(found.map(async (theme) => {
      const { cases } = await import(`./${family}_${theme}.cases.ts`) as {
        cases: readonly PlanCase[];
      };
      return [theme, cases] as const;
    })),
  );
}

/** All of them. */
export async function casesOn(family: string): Promise<readonly PlanCase[]> {
  return [...(await plansOn(family)).values()].flat();
}
