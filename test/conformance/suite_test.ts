/** The conformance suite on every database, looked at by clients that share no code with the drivers. */
import { testConformance } from "../../host/conformance/conformance.ts";
import type { TestFamily } from "../families/family.ts";
import { openHost, TARGET_KINDS } from "../support/target.ts";

for (const { name, family } of TARGET_KINDS) {
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
