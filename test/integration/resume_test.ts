/** Loads that go on, on both databases. */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { LoadError, type LoadOptions, type LoadReport, ndjson } from "../../mod.ts";
import { openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

const lines = (from: number, to: number, text = "x"): string =>
  Array.from({ length: to - from }, (_, i) => `{"id":${from + i},"text":"${text}"}\n`).join("");

async function load(
  target: Target,
  file: string,
  options: Partial<LoadOptions> = {},
): Promise<LoadReport> {
  await using host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  return await host.load(ndjson(file), backend, { table: "t", batchRowsMax: 100, ...options });
}

async function count(target: Target): Promise<number[]> {
  const [row] = await target.query("SELECT count(*) AS n, count(DISTINCT id) AS ids FROM t");
  return [Number(row!.n), Number(row!.ids)];
}

for (const kind of TARGET_KINDS) {
  const test = (name: string, act: (target: Target, file: string) => Promise<void>) =>
    Deno.test(`resume: ${kind.name}: ${name}`, () =>
      kind.use((target) => withFolder((folder) => act(target, join(folder, "rows.ndjson")))));

  for (const mode of ["append", "upsert"] as const) {
    test(
      `${mode} goes on behind a row that stopped it, and with what is added`,
      async (target, file) => {
        const options = { mode, key: ["id"] };
        await Deno.writeTextFile(file, lines(0, 530) + "{broken\n" + lines(531, 900));
        const error = await assertRejects(() => load(target, file, options), LoadError);
        assertEquals(error.code, "rows_rejected");
        await Deno.writeTextFile(file, lines(0, 900));
        const second = await load(target, file, options);
        assertEquals([second.read, second.committed + second.skipped], [900, 900]);
        assertEquals(second.skipped >= 300, true);
        assertEquals(await count(target), [900, 900]);
        await Deno.writeTextFile(file, lines(0, 950));
        const third = await load(target, file, options);
        assertEquals([third.skipped, third.committed], [900, 50]);
        const fourth = await load(target, file, options);
        assertEquals([fourth.skipped, fourth.committed, fourth.batches], [950, 0, 0]);
        assertEquals(fourth.load, third.load);
        assertEquals(await count(target), [950, 950]);
      },
    );
  }

  test(
    "a source that has changed is refused by its row, and loaded again if that is asked for",
    async (target, file) => {
      await Deno.writeTextFile(file, lines(0, 300));
      await load(target, file);
      await Deno.writeTextFile(file, lines(0, 217) + lines(217, 218, "y") + lines(218, 300));
      const error = await assertRejects(() => load(target, file), LoadError, "line 218 (row 217");
      assertEquals(error.code, "source_changed");
      assertEquals(await count(target), [300, 300]);
      const fresh = await load(target, file, { fresh: true });
      assertEquals([fresh.committed, fresh.load!.generation], [300, 2]);
      assertEquals((await load(target, file)).skipped, 300);
      const other = await load(target, file, { load: "another" });
      assertEquals([other.committed, other.load!.generation], [300, 1]);
      assertEquals(await count(target), [900, 300]);
    },
  );

  test(
    "a table that was dropped, made anew or emptied is loaded from the start",
    async (target, file) => {
      await Deno.writeTextFile(file, lines(0, 300));
      await load(target, file);
      const integer = target.sql.integer;
      for (
        const statements of [
          ["DROP TABLE t"],
          ["DROP TABLE t", `CREATE TABLE t (id ${integer}, text text)`],
          ["DELETE FROM t"],
        ]
      ) {
        for (const statement of statements) await target.execute(statement);
        assertEquals((await load(target, file)).committed, 300);
        assertEquals((await load(target, file)).skipped, 300);
        assertEquals(await count(target), [300, 300]);
      }
    },
  );

  test(
    "a replace begins anew, and leaves nothing aside of one that was stopped",
    async (target, file) => {
      await Deno.writeTextFile(file, lines(0, 300) + "{broken\n");
      await assertRejects(() => load(target, file, { mode: "replace" }), LoadError);
      await Deno.writeTextFile(file, lines(0, 300));
      for (const generation of [2, 3]) {
        const report = await load(target, file, { mode: "replace" });
        assertEquals([report.committed, report.load!.generation], [300, generation]);
      }
      assertEquals(await count(target), [300, 300]);
      const tables = await target.query(
        `SELECT name FROM (${target.sql.tables}) AS tables WHERE name LIKE '%aside%'`,
      );
      assertEquals(tables, []);
    },
  );

  test("a column that goes away during the load is planned for anew", async (target, file) => {
    const key = target.sql.integer;
    await target.execute(
      `CREATE TABLE t (id ${key} PRIMARY KEY, text ${target.sql.keyText}, gone ${key})`,
    );
    await Deno.writeTextFile(file, lines(0, 5_000));
    let dropped: Promise<void> | undefined;
    const report = await load(target, file, {
      onProgress: () => void (dropped ??= target.execute("ALTER TABLE t DROP COLUMN gone")),
    });
    await dropped;
    assertEquals(report.committed, 5_000);
    assertEquals(await count(target), [5_000, 5_000]);
  });
}
