/**
 * Plugins that misbehave as they are asked what a failure means: their word is not taken, the failure
 * stays what the database says, and is not theirs to delay.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, LoadError, rows } from "../../mod.ts";
import { buildCodec } from "../../tools/build_codec.ts";
import { buildPlugins } from "../../tools/build_plugins.ts";
import { PLUGINS, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";
import { withinBudget } from "./attack_budget.ts";

await buildPlugins();
await buildCodec();

const POSTGRES = TARGET_KINDS.find(({ name }) => name === "postgresql")!;

/** Bodies of `classify_error`. */
const BODIES: Readonly<Record<string, string>> = {
  "does not come to an end": "(loop $l (br $l)) (i32.const 0)",
  "traps": "(unreachable)",
  "answers with a class that there is not": "(call $error_class (i32.const 99)) (i32.const 0)",
  "answers with a class before the first": "(call $error_class (i32.const -1)) (i32.const 0)",
  "plans a statement": "(call $sql_health (call $text (i32.const 1))) (i32.const 0)",
  "asks for a setting": "(drop (call $config_text (call $text (i32.const 1)))) (i32.const 0)",
  "says nothing": "(i32.const 0)",
};

for (const [what, body] of Object.entries(BODIES)) {
  Deno.test(`plugin that ${what} as it is asked what a failure means has no word on it`, () =>
    POSTGRES.use((target) =>
      withFolder(async (plugins) => {
        await failOn(target, "t", "ZZ001");
        await Deno.copyFile(join(PLUGINS, "postgresql.wasm"), join(plugins, "postgresql.wasm"));
        await Deno.writeFile(join(plugins, "sample.wasm"), classifier(body));
        await using host = await createHost({ plugins });
        const backend = await host.createBackend("sample", target.config);
        const error: LoadError = await withinBudget(() =>
          assertRejects(() => host.load(rows([{ id: 1 }]), backend, { table: "t" }), LoadError)
        );
        assertEquals([error.code, error.blame], ["database_failed", "database"]);
        assertStringIncludes(error.message, "ZZ001");
        const honest = await host.createBackend("postgresql", target.config);
        assertEquals((await host.load(rows([{ id: 1 }]), honest, { table: "u" })).committed, 1);
      })
    ));
}

/** A table that refuses every row, by a code that no driver knows. */
async function failOn(target: Target, table: string, code: string): Promise<void> {
  await target.execute(`CREATE TABLE ${table} (id bigint)`);
  await target.execute(
    "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS " +
      `$$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`,
  );
  await target.execute(
    `CREATE TRIGGER fail BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION fail()`,
  );
}

/** A plugin that is in order, but for its word on failures. */
function classifier(body: string): Uint8Array {
  return samplePlugin({
    manifest: { ...MANIFEST, driver: "postgres" },
    capabilities: ["sql_health", "sql_insert", "error_class", "config_text"],
    texts: ["SELECT 1", "INSERT INTO {table} ({columns}) VALUES {rows}", "({values})"],
    exports: {
      health_check: "(call $sql_health (call $text (i32.const 1))) (i32.const 0)",
      write_batch:
        "(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3)) (i32.const 9)) (i32.const 0)",
      classify_error: body,
    },
  });
}
