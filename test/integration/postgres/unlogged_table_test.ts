/** A table that is unlogged is empty after a crash of the server: a load under way sees it, and stops. */
import { assertEquals, assertRejects } from "@std/assert";
import { type LoadError, LoadStoppedError, rows } from "../../../mod.ts";
import { startPostgres } from "../../support/postgres_server.ts";
import { openHost } from "../../support/target.ts";

const SOURCE = Array.from({ length: 4_000 }, (_, id) => ({ id, name: `row ${id} `.repeat(100) }));
/** Rows that are written while the source has not come to its end: what is read ahead is less. */
const WRITTEN = 500;

Deno.test("unlogged table: a load during which the server crashes stops, and the next one is whole", async () => {
  await using server = await startPostgres();
  const url = server.superuserUrl;
  /** Loads all rows; something happens when half of them are there. */
  const load = async (between: (count: () => Promise<number>) => Promise<void>) => {
    await using host = await openHost();
    const backend = await host.createBackend("postgresql", { url });
    const source = async function* () {
      yield* SOURCE.slice(0, 3_000);
      await between(count);
      yield* SOURCE.slice(3_000);
    };
    return await host.load(rows(source()), backend, {
      ...{ table: "t", load: "one", batchRowsMax: 100, connections: 1 },
    });
  };
  const run = async (sql: string) => {
    const { default: postgres } = await import("postgres");
    const client = postgres(url, { max: 1, onnotice: () => {} });
    try {
      return await client.unsafe(sql);
    } finally {
      await client.end();
    }
  };
  const count = async () => Number((await run("SELECT count(*) FROM t"))[0]!.count);
  const filled = async () => {
    while (await count() < WRITTEN) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await run("CREATE UNLOGGED TABLE t (id bigint, name text)");
  const error: LoadError = await assertRejects(
    () =>
      load(async () => {
        await filled();
        await server.restart("immediate");
        assertEquals(await count(), 0);
      }),
    LoadStoppedError,
    "this load has committed",
  );
  assertEquals(error.code, "table_changed");
  // It is empty, and so all of it is loaded.
  assertEquals((await load(filled)).committed, SOURCE.length);
  assertEquals(await count(), SOURCE.length);
  // A server that was stopped in order keeps it.
  await run("TRUNCATE t");
  const restarted = await load(async () => {
    await filled();
    await server.restart("fast");
  });
  assertEquals([restarted.committed, await count()], [SOURCE.length, SOURCE.length]);
});
