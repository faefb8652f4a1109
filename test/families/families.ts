/** The table of families: the descriptor of each that the host has a driver for. */
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import type { TestFamily } from "./family.ts";

/** Variable of the environment: why families are left out in this run, as JSON, by their names. */
export const SKIPPED_VARIABLE = "SNAKEPIPE_TEST_SKIPPED";

/** Every family, sorted by name. */
export const ALL_FAMILIES: readonly TestFamily[] = await Promise.all(
  DRIVER_FAMILIES.map(async ({ name }) => {
    const { family } = await import(`./${name}/family.ts`) as { family: TestFamily };
    return family;
  }),
);

/** Those that are tried in this run: all but the ones that `test/run.ts` has found to be missing here. */
export const FAMILIES: readonly TestFamily[] = ALL_FAMILIES.filter(({ name }) =>
  !Object.hasOwn(skipped(), name)
);

/** A family by its name. @throws {Error} where there is none */
export function familyOf(name: string): TestFamily {
  const found = ALL_FAMILIES.find((family) => family.name === name);
  if (!found) throw new Error(`No such family: ${name}`);
  return found;
}

function skipped(): Readonly<Record<string, string>> {
  return JSON.parse(Deno.env.get(SKIPPED_VARIABLE) ?? "{}");
}
