/** The families of databases, whose plans are looked at. */
import type { DialectRecipes } from "../../src/plan_policy/recipes.ts";
import { loadDriver } from "../../host/drivers/load_driver.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";

/** A family by name, as manifests name it. */
export type Family = string;

/** Every family. */
export const FAMILIES: readonly Family[] = [...PLAN_FAMILIES.keys()];

const DIALECTS: ReadonlyMap<Family, DialectRecipes> = new Map(
  await Promise.all(
    FAMILIES.map(async (name) => [name, (await loadDriver(name)).dialect] as const),
  ),
);

/** What plans of a family may be. */
export function dialectOf(family: Family): DialectRecipes {
  return DIALECTS.get(family)!;
}
