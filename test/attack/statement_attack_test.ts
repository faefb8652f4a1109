/**
 * Hostile plans, by plugins that come through the folder: each is refused before a statement of it
 * runs, for a reason that is told, in time; nothing in the database has changed, and an honest plugin
 * of the same host loads into it afterwards.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, type Host, LoadError, rows, WRITE_MODES } from "../../mod.ts";
import { buildCodec } from "../../host/codec/build.ts";
import { buildPlugins } from "../../plugins/build.ts";
import { familyOf } from "../families/families.ts";
import { PLAN_FAMILIES } from "../families/plan_families.ts";
import { kindOf, PLUGINS, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";
import { withinBudget } from "./attack_budget.ts";
import { attackOf, attacksOn } from "./attacks.ts";
import { planningPlugin, type StatementAttack } from "./statement_attack.ts";

const ROWS = [{ id: 1, a: "new", b: "row" }, { id: 9, a: "nine", b: null }];

await buildPlugins();
await buildCodec();

const KINDS = TARGET_KINDS.filter(({ family }) => PLAN_FAMILIES.has(family.name));

/** Hostile plans of each family, at the least. */
const LEAST = 80;

for (const { family: { name: family } } of KINDS) {
  for (const name of attacksOn(family)) {
    const attack = await attackOf(family, name);
    Deno.test(`hostile plan: ${family}: ${name.replaceAll("_", " ")}`, () =>
      withTables(attack, async (target) => {
        const before = await contents(target);
        await withHost(attack, async (host) => {
          const error: LoadError = await withinBudget(() =>
            assertRejects(() => loadBy(host, attack, target), LoadError)
          );
          assertEquals(error.code, attack.code ?? "plan_refused", error.message);
          assertEquals(error.blame, "plugin");
          assertStringIncludes(error.message, attack.says);
          assertEquals(await contents(target), before);
          await othersWork(host, attack, target);
        });
      }));
  }

  Deno.test(`hostile plans: ${family}: there are many of them`, () => {
    const names = attacksOn(family);
    assert(names.length >= LEAST, `${names.length}`);
  });

  for (const mode of WRITE_MODES) {
    Deno.test(`hostile plans: ${family}: an honest plan for ${mode} beside them is let through`, () => {
      const honest = { family, mode, plan: {}, says: "" };
      return withTables(honest, async (target) => {
        // Rows 1 and 2 were there.
        if (mode === "append") await target.execute("DELETE FROM t");
        await withHost(honest, (host) => loadBy(host, honest, target));
        const ids = await target.query(`SELECT ${target.textOf("id")} AS id FROM t ORDER BY id`);
        const kept = mode === "upsert" ? ["1", "2", "9"] : ["1", "9"];
        assertEquals(ids.map(({ id }) => id), kept);
      });
    });
  }
}

/** Hands over a database with the table that is loaded into, and one that is not. */
async function withTables(
  { family }: StatementAttack,
  act: (target: Target) => Promise<void>,
): Promise<void> {
  await kindOf(family).use(async (target) => {
    await target.execute("CREATE TABLE t (id bigint PRIMARY KEY, a text, b text)");
    await target.execute("INSERT INTO t VALUES (1, 'one', 'eins'), (2, 'two', 'zwei')");
    await target.execute("CREATE TABLE other (secret text)");
    await target.execute("INSERT INTO other VALUES ('kept')");
    await act(target);
  });
}

/** A host with the hostile plugin and, beside it, the one of this repository for the same family. */
async function withHost(
  attack: StatementAttack,
  act: (host: Host) => Promise<void>,
): Promise<void> {
  await withFolder(async (plugins) => {
    const honest = `${familyOf(attack.family).plugin}.wasm`;
    await Deno.copyFile(join(PLUGINS, honest), join(plugins, honest));
    await Deno.writeFile(join(plugins, "sample.wasm"), planningPlugin(attack));
    await using host = await createHost({ plugins });
    const listed = host.discoverAvailableBackends();
    assertEquals(listed.map(({ status }) => status), ["available", "available"]);
    await act(host);
  });
}

async function loadBy(host: Host, attack: StatementAttack, target: Target): Promise<void> {
  const backend = await host.createBackend("sample", target.config);
  const mode = attack.mode ?? "append";
  await host.load(rows(ROWS), backend, { table: "t", mode, key: ["id"], connections: 1 });
}

/** An honest plugin of the same host loads into the same table, and what it loads can be read back. */
async function othersWork(
  host: Host,
  { family }: StatementAttack,
  target: Target,
): Promise<void> {
  const backend = await host.createBackend(familyOf(family).plugin, target.config);
  const report = await host.load(rows([{ id: 7, a: "seven", b: "sieben" }]), backend, {
    table: "t",
    mode: "append",
    key: ["id"],
    connections: 1,
  });
  assertEquals(report.committed, 1);
  assertEquals((await target.query("SELECT a, b FROM t WHERE id = 7")).map((row) => ({ ...row })), [
    { a: "seven", b: "sieben" },
  ]);
}

async function contents(target: Target): Promise<unknown> {
  const id = target.textOf("id");
  return [
    await target.query(`SELECT ${id} AS id, a, b FROM t ORDER BY t.id`),
    await target.query("SELECT secret FROM other"),
  ];
}
