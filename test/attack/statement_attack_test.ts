/**
 * Hostile plans, by plugins that come through the folder: each is refused before a statement of it
 * runs, and nothing in the database has changed.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { createHost, LoadError, rows, WRITE_MODES } from "../../mod.ts";
import { buildCodec } from "../../host/codec/build.ts";
import { type Target, TARGET_KINDS, withFolder } from "../support/target.ts";
import { HONEST, planningPlugin, type StatementAttack } from "./statement_attack.ts";

const ATTACKS = fromFileUrl(new URL("./statement", import.meta.url));
const KINDS = { postgres: "postgresql", libsql: "libsql" } as const;
const ROWS = [{ id: 1, a: "new", b: "row" }, { id: 9, a: "nine", b: null }];

await buildCodec();

const names = [...Deno.readDirSync(ATTACKS)].map(({ name }) => name.replace(/\.ts$/, "")).sort();
for (const name of names) {
  const { attack } = await import(`./statement/${name}.ts`) as { attack: StatementAttack };
  Deno.test(`hostile plan: ${attack.family}: ${name.replaceAll("_", " ")}`, () =>
    withTables(attack, async (target) => {
      const before = await contents(target);
      const error = await assertRejects(() => loadBy(attack, target), LoadError);
      assertEquals(error.code, "plan_refused", error.message);
      assertStringIncludes(error.message, attack.says);
      assertEquals(await contents(target), before);
    }));
}

for (const family of ["postgres", "libsql"] as const) {
  for (const mode of WRITE_MODES) {
    Deno.test(`hostile plans: ${family}: an honest plan for ${mode} beside them is let through`, () => {
      const honest = { family, mode, plan: {}, says: "" };
      return withTables(honest, async (target) => {
        // Rows 1 and 2 were there.
        if (mode === "append") await target.execute("DELETE FROM t");
        await loadBy(honest, target);
        const ids = await target.query(`SELECT ${target.textOf("id")} AS id FROM t ORDER BY id`);
        const kept = mode === "upsert" ? ["1", "2", "9"] : ["1", "9"];
        assertEquals(ids.map(({ id }) => id), kept);
      });
    });
  }
}

Deno.test("hostile plans: there are many of them", () => {
  assert(names.length >= 60, `${names.length}`);
  assertEquals(Object.keys(HONEST), Object.keys(KINDS));
});

/** Hands over a database with the table that is loaded into, and one that is not. */
async function withTables(
  { family }: StatementAttack,
  act: (target: Target) => Promise<void>,
): Promise<void> {
  const kind = TARGET_KINDS.find(({ name }) => name === KINDS[family])!;
  await kind.use(async (target) => {
    await target.execute("CREATE TABLE t (id bigint PRIMARY KEY, a text, b text)");
    await target.execute("INSERT INTO t VALUES (1, 'one', 'eins'), (2, 'two', 'zwei')");
    await target.execute("CREATE TABLE other (secret text)");
    await target.execute("INSERT INTO other VALUES ('kept')");
    await act(target);
  });
}

async function loadBy(attack: StatementAttack, target: Target): Promise<void> {
  await withFolder(async (plugins) => {
    await Deno.writeFile(join(plugins, "sample.wasm"), planningPlugin(attack));
    await using host = await createHost({ plugins });
    const [listed] = host.discoverAvailableBackends();
    assertEquals(listed?.status, "available", listed?.reason);
    const backend = await host.createBackend("sample", target.config);
    const mode = attack.mode ?? "append";
    await host.load(rows(ROWS), backend, { table: "t", mode, key: ["id"] });
  });
}

async function contents(target: Target): Promise<unknown> {
  const id = target.textOf("id");
  return [
    await target.query(`SELECT ${id} AS id, a, b FROM t ORDER BY t.id`),
    await target.query("SELECT secret FROM other"),
  ];
}
