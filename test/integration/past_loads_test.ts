/** What the ledgers of a database say of loads, page by page. */
import { assertEquals } from "@std/assert";
import { rows } from "../../mod.ts";
import { openHost, TARGET_KINDS } from "../support/target.ts";

for (const kind of TARGET_KINDS) {
  Deno.test(`past loads, ${kind.name}: pages have each load once, those that began together too`, () =>
    kind.use(async (target) => {
      await using host = await openHost();
      const backend = await host.createBackend(target.type, target.config);
      for (let i = 0; i < 7; i++) {
        const source = rows([{ id: i }], { name: `source ${i}` });
        await host.load(source, backend, { table: i === 3 ? "other" : "t" });
      }
      // All but the first and the last began at the same time.
      const [first, ...rest] = (await backend.pastLoads!({ limit: 10 })).toReversed();
      const ids = rest.slice(0, -1).map(({ id }) => `'${id}'`).join(", ");
      await target.execute(
        `UPDATE _snakepipe_load SET started_at = (SELECT s FROM (SELECT started_at AS s
           FROM _snakepipe_load WHERE id = '${rest[0]!.id}') x) WHERE id IN (${ids})`,
      );
      const all = await backend.pastLoads!({ limit: 10 });
      assertEquals([all.length, all.at(-1)!.id], [7, first!.id]);
      assertEquals(new Set(all.map(({ startedAt }) => startedAt)).size, 3);
      for (const limit of [1, 2, 3]) {
        const told: string[] = [];
        for (let place = all.at(0); place;) {
          const question = told.length === 0 ? { limit } : { limit, before: place };
          const page = await backend.pastLoads!(question);
          told.push(...page.map(({ id }) => id));
          place = page.at(-1);
        }
        assertEquals(told, all.map(({ id }) => id), `${limit} at a time`);
      }
      const { startedAt } = all[2]!;
      assertEquals(await backend.pastLoads!({ limit: 10, before: { startedAt } }), [all.at(-1)]);
      const other = { limit: 10, table: "other" };
      assertEquals((await backend.pastLoads!({ ...other, before: all[0]! })).length, 1);
      assertEquals(await backend.pastLoads!({ ...other, before: all.at(-1)! }), []);
    }));
}
