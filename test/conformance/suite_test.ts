/** The conformance suite on every database, looked at by clients that share no code with the drivers. */
import { testConformance } from "../../host/conformance/conformance.ts";
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import type { TestFamily } from "../families/family.ts";
import { openHost, TARGET_KINDS } from "../support/target.ts";

const tried = new Set(DRIVER_FAMILIES.flatMap((one) => one.conformance ? [one.name] : []));

for (const { name, family } of TARGET_KINDS) {
  if (!tried.has(family.name)) continue;
  tryOn(name, family);
  for (const { database, quirks, withDatabase } of family.variants ?? []) {
    tryOn(database, { plugin: family.plugin, withDatabase }, quirks);
  }
}

function tryOn(
  name: string,
  { plugin, withDatabase }: Pick<TestFamily, "plugin" | "withDatabase">,
  quirks = {},
): void {
  testConformance(name, (use) =>
    withDatabase(async ({ config, execute, query }) => {
      await using host = await openHost({ firstConnection: "lane" });
      const read = async (sql: string) => (await query(sql)).map((row) => Object.values(row));
      await use({ host, plugin, settings: config, client: { execute, read }, quirks });
    }));
}
