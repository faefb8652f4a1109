/**
 * Plugins for databases that speak PostgreSQL's protocol, without a line of the host: every plan is read by
 * PostgreSQL's parser, and what is PostgreSQL's own is run on PostgreSQL. None of these databases is here.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { rows } from "../../mod.ts";
import { checkConformance } from "../../host/conformance/conformance.ts";
import { checkPlugin, type PluginCheck } from "../../host/plugins/check/plugin_check.ts";
import type { GrantName } from "../../src/plan_policy/grant.ts";
import { compilePlugin } from "../../tools/build_plugins.ts";
import { kindOf, openHost, withFolder } from "../support/target.ts";

const EXAMPLES = fromFileUrl(new URL("../../plugins/examples", import.meta.url));
const NAMES = ["cockroachdb", "redshift", "timescaledb", "yugabytedb"];

/** In what an example's plans differ from those of PostgreSQL's own plugin. */
const QUIRKS: Readonly<Record<string, Parameters<typeof checkConformance>[0]["quirks"]>> = {
  cockroachdb: {
    "own columns: an identity column takes what rows say (upsert)": {
      is: "…the server computes a column by itself: leave its field out…",
      why: "OVERRIDING is no word that CockroachDB is known to read",
    },
    // It stages nothing, so it needs no column for numbers.
    "wide tables: 1,600 columns, or as many as a table can have (upsert)": null,
  },
};

function withExample(name: string, act: (file: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const file = join(folder, `${name}.wasm`);
    await compilePlugin(join(EXAMPLES, name, "assembly", "index.ts"), file);
    await act(file);
  });
}

async function checked(
  file: string,
  grants: readonly GrantName[] = [],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<PluginCheck & { readonly problems: readonly string[]; readonly sql: string }> {
  const check = await checkPlugin(file, { grants: new Set(grants), settings: () => settings });
  return {
    ...check,
    problems: check.steps.flatMap(({ problem }) => problem ?? []),
    sql: [...check.plans.values()].flatMap(({ create }) => create).join("\n"),
  };
}

Deno.test("examples: each that lies there is tried", () => {
  const found = [...Deno.readDirSync(EXAMPLES)].map(({ name }) => name).sort();
  assertEquals(found, [...NAMES, "shared"].sort());
});

for (const name of ["cockroachdb", "timescaledb", "yugabytedb"]) {
  Deno.test(`example ${name}: PostgreSQL's parser reads every plan, and nothing has to be granted`, () =>
    withExample(name, async (file) => {
      const { problems, plans, manifest } = await checked(file);
      assertEquals(problems, []);
      assertEquals(manifest.driver, "postgres");
      assert(plans.size >= 13, `${plans.size}`);
    }));

  Deno.test(`example ${name}: it passes the conformance suite on PostgreSQL`, () =>
    kindOf("postgres").use(({ config }) =>
      withExample(name, async (plugin) => {
        const quirks = QUIRKS[name] ?? {};
        const outcomes = await checkConformance({ plugin, settings: config, quirks });
        const notPassed = outcomes.filter((outcome) =>
          outcome.kind === "failed" ||
          outcome.kind === "untried" && outcome.message !== "the plugin does not promise replace"
        );
        assertEquals(notPassed, []);
        assert(outcomes.length > 500, `${outcomes.length}`);
      })
    ));
}

Deno.test("example yugabytedb: tablets are an option that is asked for, granted, and unknown to PostgreSQL", () =>
  withExample("yugabytedb", async (file) => {
    const settings = { tablets: 16 };
    const without = await checked(file, [], settings);
    assertStringIncludes(without.problems[0]!, "it uses the option split");
    assertStringIncludes(without.problems[0]!, `snakepipe grant ${file} option:split`);
    const { problems, sql } = await checked(file, ["option:split"], settings);
    assertEquals(problems, []);
    assertStringIncludes(sql, ") SPLIT INTO 16 TABLETS");
  }));

Deno.test("example redshift: its types and options are asked for, and its plans are read without them", () =>
  withExample("redshift", async (file) => {
    const without = await checked(file);
    assertStringIncludes(without.problems[0]!, `snakepipe grant ${file} type:varbyte`);
    assertEquals(without.problems.length, 1);
    const { problems, sql, manifest } = await checked(
      file,
      ["type:varbyte", "option:diststyle", "option:sortkey"],
      { distStyle: "all", sortByKey: true },
    );
    assertEquals(problems, []);
    assertStringIncludes(sql, "PRIMARY KEY ({keys})) DISTSTYLE all SORTKEY ({keys})");
    assertEquals(manifest.capabilities.modes, ["append"]);
  }));

Deno.test("example redshift: what PostgreSQL knows of it is run on PostgreSQL", () =>
  kindOf("postgres").use((target) =>
    withExample("redshift", async (file) => {
      await using host = await openHost();
      await host.registerPlugin(file);
      const config = { ...target.config, bulk: "insert" };
      const backend = await host.createBackend("redshift", config);
      const source = [{ id: 1, a: "one" }, { id: 2, a: null }];
      const report = await host.load(rows(source), backend, { table: "t", key: ["id"] });
      assertEquals(report.committed, 2);
      const found = await target.query("SELECT id::text AS id, a FROM t ORDER BY 1");
      assertEquals(found.map(({ id, a }) => [id, a]), [["1", "one"], ["2", null]]);
    })
  ));
