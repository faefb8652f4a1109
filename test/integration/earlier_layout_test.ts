/** A database whose host tables are of an earlier version: they are neither used nor touched. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError, type LoadReport, rows } from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";

const TABLES = ["_snakepipe_load", "_snakepipe_batch", "_snakepipe_reject"];

for (const kind of TARGET_KINDS) {
  for (const earlier of TABLES) {
    Deno.test(`earlier layout: ${kind.name}: a table ${earlier} that lacks columns is told, and stays`, () =>
      kind.use(async (target) => {
        await load(target, [1]);
        for (const table of TABLES.toReversed()) await target.execute(`DROP TABLE ${table}`);
        await target.execute(`CREATE TABLE ${earlier} (id integer)`);
        await target.execute(`INSERT INTO ${earlier} VALUES (7)`);
        const error = await assertRejects(() => load(target, [2]), LoadError);
        assertEquals(error.code, "table_refused");
        assertStringIncludes(error.message, earlier);
        assertStringIncludes(error.message, "of an earlier version");
        assertEquals(await target.query(`SELECT ${target.textOf("id")} AS id FROM ${earlier}`), [
          { id: "7" },
        ]);
        await target.execute(`DROP TABLE ${earlier}`);
        assertEquals((await load(target, [2])).committed, 1);
      }));
  }
}

async function load(target: Target, ids: readonly number[]): Promise<LoadReport> {
  await using host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  return await host.load(rows(ids.map((id) => ({ id }))), backend, {
    table: "t",
    rejectTable: true,
  });
}
