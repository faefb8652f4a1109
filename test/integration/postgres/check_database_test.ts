/** `snakepipe check --to` on PostgreSQL: what no check without a database sees. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { buildFolder, moduleOf } from "../../../host/plugins/author/build_folder.ts";
import { newPlugin } from "../../../host/plugins/author/new_plugin.ts";
import { kindOf } from "../../support/target.ts";
import { ProgramFolder } from "../cli/program.ts";

const KIND = kindOf("postgres");

Deno.test("check --to: an upsert that fails on keys twice in a batch is told by that, though its plans pass", () =>
  KIND.use(async ({ config, query, sql }) => {
    await using place = await ProgramFolder.create();
    const folder = place.path("mine");
    await newPlugin({ folder, family: "postgres", write: "insert" });
    const file = join(folder, "assembly", "upsert.ts");
    const text = await Deno.readTextFile(file);
    assertStringIncludes(text, '"({values})", 1)');
    await Deno.writeTextFile(file, text.replace('"({values})", 1)', '"({values})", 1000)'));
    const { check } = await buildFolder(folder, moduleOf(folder), { quick: true });
    assertEquals(check.steps.filter(({ problem }) => problem !== undefined), []);
    const checked = ["check", "mine/dist/mine.wasm", "--to", config.url, "--only", "keys"];
    const { status, out } = await place.run(checked);
    assertEquals(status, 1, out);
    assertMatch(
      out,
      /Failed: keys: of equal keys in a batch the last row wins.*\n.*\n {2}Try: Rows of one INSERT have the same key/,
    );
    assertEquals(await query(sql.tables), []);
  }));

Deno.test("check --to: a database that is for reading alone is told once, and nothing is tried", () =>
  KIND.use(async ({ config, execute, query, sql }) => {
    await using place = await ProgramFolder.create();
    const [{ name }] = await query("SELECT current_database()::text AS name") as [{ name: string }];
    await execute(`ALTER DATABASE "${name}" SET default_transaction_read_only = on`);
    const plugin = join(import.meta.dirname!, "../../../plugins/dist/postgresql.wasm");
    const { status, out, err } = await place.run(["check", plugin, "--to", config.url]);
    assertEquals([status, out], [2, ""], err);
    assertStringIncludes(
      err,
      "The suite makes tables of its own and writes rows, which this database",
    );
    assertStringIncludes(err, "the server takes no writes");
    assertEquals(await query(sql.tables), []);
  }));
