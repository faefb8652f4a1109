/** The conformance suite on every database, looked at by clients that share no code with the drivers. */
import { testConformance } from "../../host/conformance/conformance.ts";
import type { TestFamily, TestVariant } from "../families/family.ts";
import { openHost, TARGET_KINDS } from "../support/target.ts";

for (const { name, family } of TARGET_KINDS) {
  for (const variant of [{ name }, ...family.variants ?? []]) tryOn(family, variant);
}

function tryOn(family: TestFamily, { name, settings, bySession, ...rest }: TestVariant): void {
  const { withDatabase = family.withDatabase, groups, quirks } = rest;
  testConformance(name, (use) =>
    withDatabase(async ({ config, execute, query }) => {
      await using host = await openHost({ firstConnection: "lane" });
      const read = async (sql: string) => (await query(sql)).map((row) => Object.values(row));
      await use({
        ...{ host, plugin: family.plugin, settings: { ...config, ...settings } },
        ...(bySession ? {} : { client: { execute, read } }),
        ...(groups ? { groups } : {}),
        ...(quirks ? { quirks } : {}),
      });
    }));
}
