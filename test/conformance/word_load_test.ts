/**
 * Words that a manifest asks for, from the folder to the table: refused with the command that grants them,
 * granted, loaded by, and taken back.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Host, LoadError, rows } from "../../mod.ts";
import { grant, revoke } from "../../host/plugins/store/admission.ts";
import { readPluginLock } from "../../host/plugins/store/plugin_lock.ts";
import type { ManifestWords } from "../../src/plugin_api/words.ts";
import { planningPlugin } from "../attack/statement_attack.ts";
import type { AttackPlan } from "../families/plan_family.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

/** Words, a plan that uses them, and what is seen of them in the database. */
interface WordCase {
  readonly name: string;
  readonly words: ManifestWords;
  readonly grants: readonly [string, ...string[]];
  readonly plan: AttackPlan;
  /** What has to be there first; nothing by default. */
  readonly before?: string;
  /** A query that says what came of them, and what it says. */
  readonly seen?: readonly [query: string, said: string];
}

const CASES: Readonly<Record<string, readonly WordCase[]>> = {
  postgres: [
    {
      name: "types of extensions",
      words: { types: ["citext", "ltree"] },
      grants: ["type:citext", "type:ltree"],
      before: "CREATE EXTENSION citext; CREATE EXTENSION ltree",
      plan: {
        create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} citext, {col:2} ltree NULL)"],
      },
      seen: [
        "SELECT string_agg(format_type(atttypid, atttypmod), ' ' ORDER BY attnum) AS said " +
        "FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0",
        "bigint citext ltree",
      ],
    },
    {
      name: "a type with a number",
      words: { types: ["bit(#64)"] },
      grants: ["type:bit"],
      plan: {
        create: ["CREATE TABLE {table} ({col:0} bigint, {col:1} text, {col:2} bit(4) NULL)"],
      },
    },
    {
      name: "an unlogged table",
      words: { options: ["unlogged"] },
      grants: ["option:unlogged"],
      plan: {
        create: [
          "CREATE UNLOGGED TABLE {table} ({col:0} bigint, {col:1} text, {col:2} text, PRIMARY KEY ({keys}))",
        ],
      },
      seen: ["SELECT relpersistence::text AS said FROM pg_class WHERE oid = 't'::regclass", "u"],
    },
    {
      name: "a setting of the session",
      words: { settings: ["statement_timeout = #1000-600000"] },
      grants: ["setting:statement_timeout"],
      plan: { session: ["SET statement_timeout = 54321"] },
    },
  ],
  mysql: [
    {
      name: "a type and a setting",
      words: { types: ["inet6"], settings: ["lock_wait_timeout = #1-100"] },
      grants: ["type:inet6", "setting:lock_wait_timeout"],
      plan: {
        create: [
          "CREATE TABLE {table} ({col:0} BIGINT, {col:1} TEXT, {col:2} INET6 NULL, PRIMARY KEY ({keys}))",
        ],
        session: ["SET SESSION lock_wait_timeout = 50"],
      },
      seen: [
        "SELECT column_type AS said FROM information_schema.columns " +
        "WHERE table_schema = database() AND table_name = 't' AND column_name = 'b'",
        "inet6",
      ],
    },
  ],
  duckdb: [
    {
      name: "a type",
      words: { types: ["ubigint"] },
      grants: ["type:ubigint"],
      plan: {
        create: [
          "CREATE TABLE {table} ({col:0} UBIGINT, {col:1} VARCHAR, {col:2} VARCHAR, PRIMARY KEY ({keys}))",
        ],
      },
      seen: [
        "SELECT data_type AS said FROM duckdb_columns() WHERE table_name = 't' AND column_name = 'id'",
        "UBIGINT",
      ],
    },
  ],
  libsql: [
    {
      name: "a type and a setting",
      words: { types: ["f32_blob(#65536)"], settings: ["analysis_limit = #0-1000"] },
      grants: ["type:f32_blob", "setting:analysis_limit"],
      plan: {
        create: [
          "CREATE TABLE {table} ({col:0} INTEGER, {col:1} TEXT, {col:2} F32_BLOB(3), PRIMARY KEY ({keys}))",
        ],
        session: ["PRAGMA analysis_limit = 400"],
      },
      seen: [
        "SELECT type AS said FROM pragma_table_info('t') WHERE name = 'b'",
        "F32_BLOB(3)",
      ],
    },
  ],
};

for (const kind of TARGET_KINDS) {
  for (const each of CASES[kind.family.name] ?? []) {
    Deno.test(`words: ${kind.name}: ${each.name}: asked for, granted, loaded by, taken back`, () =>
      kind.use((target) => withFolder((folder) => tryWord(target, folder, each))));
  }
}

async function tryWord(
  target: Target,
  folder: string,
  { words, grants, plan, before, seen }: WordCase,
): Promise<void> {
  if (before !== undefined) await target.execute(before);
  const family = target.family.name;
  const file = join(folder, "sample.wasm");
  await Deno.writeFile(file, planningPlugin({ family, plan, words }));
  const load = async (host: Host) => {
    const backend = await host.createBackend("sample", target.config);
    const source = [{ id: 1, a: "one", b: null }, { id: 2, a: "Two", b: null }];
    return await host.load(rows(source), backend, {
      table: "t",
      key: ["id"],
      connections: 1,
      fresh: true,
    });
  };
  const refused = async () => {
    await using host = await openHost({ plugins: folder });
    const info = host.discoverAvailableBackends().find(({ type }) => type === "sample")!;
    assertEquals(info.plugin!.words?.map(({ grant, granted }) => [grant, granted]), [
      ...grants.map((name) => [name, false]),
    ]);
    const error: LoadError = await assertRejects(() => load(host), LoadError, "not granted");
    assertEquals(error.code, "plan_refused");
    const [, command] = /snakepipe grant (.*)$/m.exec(error.message)!;
    assertEquals(command!.split(" ")[0], file);
    for (const name of command!.split(" ").slice(1)) assert(grants.includes(name), name);
    // It is no fault: however often it is tried, nobody is quarantined.
    for (let i = 0; i < 3; i++) await assertRejects(() => load(host), LoadError, "not granted");
    const states = host.discoverAvailableBackends().map(({ status }) => status);
    assertEquals(states, ["available"]);
  };
  await refused();
  await grant(file, grants);
  assertEquals((await readPluginLock(folder)).get("sample.wasm")!.grants, [...grants].sort());
  {
    await using host = await openHost({ plugins: folder });
    assertEquals((await load(host)).committed, 2);
    const found = await target.query(`SELECT ${target.textOf("id")} AS id, a FROM t ORDER BY 1`);
    assertEquals(found.map(({ id, a }) => [id, a]), [["1", "one"], ["2", "Two"]]);
    if (seen) assertEquals((await target.query(seen[0])).map(({ said }) => said), [seen[1]]);
  }
  await target.execute("DROP TABLE t");
  // What was approved while it was granted is kept, and holds no longer.
  await revoke(file, grants);
  await refused();
}

Deno.test("words: what a manifest does not ask for is not granted, nor what nobody can grant", () =>
  withFolder(async (folder) => {
    const file = join(folder, "sample.wasm");
    const words = { types: ["citext"] };
    await Deno.writeFile(file, planningPlugin({ family: "postgres", plan: {}, words }));
    for (
      const [name, says] of [
        ["type:vector", "does not ask for type:vector: it asks for type:citext"],
        ["option:citext", "does not ask for option:citext"],
        ["setting:search_path", "does not ask for setting:search_path"],
        ["type:Citext", "Nothing can be granted by the name type:Citext"],
        ["words:citext", "Nothing can be granted by the name words:citext"],
        ["vector", "Nothing can be granted by the name vector"],
      ] as const
    ) {
      const error: LoadError = await assertRejects(() => grant(file, [name]), LoadError, says);
      assertEquals(error.code, "usage");
    }
    assertEquals((await readPluginLock(folder)).size, 0);
    const evil = { settings: ["search_path = public"] };
    await Deno.writeFile(file, planningPlugin({ family: "postgres", plan: {}, words: evil }));
    const error: LoadError = await assertRejects(
      () => grant(file, ["setting:search_path"]),
      LoadError,
    );
    assertStringIncludes(error.message, "No plugin may set it");
    assertEquals((await readPluginLock(folder)).size, 0);
  }));
