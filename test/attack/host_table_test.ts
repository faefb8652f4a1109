/** Tables and columns by the host's own names: none is loaded into, and where one is in the way, that is said. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Host, LoadError, rows } from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS } from "../support/target.ts";

const TABLES = [
  ...["_snakepipe_load", "_snakepipe_batch", "_Snakepipe_Load", "_snakepipe_staging"],
  ...["_snakepipe_rows", "_snakepipe_image"],
];
const COLUMNS = ["_snakepipe_ordinal", "_SNAKEPIPE_"];

for (const kind of TARGET_KINDS) {
  Deno.test(`host's own names: ${kind.name}: rows neither go into its tables nor bring its columns`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      await loads(host, target, 1);
      const before = await ledger(target);
      const backend = await host.createBackend(target.type, target.config);
      const refused = async (table: string, row: Record<string, unknown>) => {
        const loading = () => host.load(rows([row]), backend, { table });
        const error: LoadError = await assertRejects(loading, LoadError);
        assertEquals([error.code, error.blame], ["name_refused", "config"]);
        assertStringIncludes(error.message, "which the loader keeps for its own tables");
      };
      for (const table of TABLES) await refused(table, { id: 1 });
      for (const column of COLUMNS) await refused("fresh", { [column]: 1 });
      assertEquals(await ledger(target), before);
      await loads(host, target, 2);
    }));

  Deno.test(`host's own names: ${kind.name}: a stranger's table in the place of its own stops the load`, () =>
    kind.use(async (target) => {
      await target.execute("CREATE TABLE _snakepipe_load (mine integer)");
      await target.execute("INSERT INTO _snakepipe_load VALUES (1)");
      await using host = await openHost();
      await assertRejects(() => loads(host, target, 1), LoadError);
      const mine = target.textOf("mine");
      const kept = await target.query(`SELECT ${mine} AS mine FROM _snakepipe_load`);
      assertEquals(kept.map(({ mine }) => mine), ["1"]);
      await target.execute("DROP TABLE _snakepipe_load");
      await loads(host, target, 1);
    }));
}

/** An honest load, which can be read back. */
async function loads(host: Host, target: Target, id: number): Promise<void> {
  const backend = await host.createBackend(target.type, target.config);
  const report = await host.load(rows([{ id }]), backend, { table: "t" });
  assertEquals(report.committed, 1);
  const found = await target.query(`SELECT ${target.textOf("id")} AS id FROM t WHERE id = ${id}`);
  assertEquals(found.map((row) => row.id), [String(id)]);
}

/** How much the host has noted. */
async function ledger(target: Target): Promise<unknown> {
  const counts = ["_snakepipe_load", "_snakepipe_batch"].map((table) =>
    target.query(`SELECT ${target.textOf("count(*)")} AS count FROM ${table}`)
  );
  return (await Promise.all(counts)).map(([row]) => row!.count);
}
