/** What each mode leaves in a DuckDB file. */
import { assertEquals, assertRejects } from "@std/assert";
import { LoadError, ndjson, rows } from "../../../mod.ts";
import { withDuckFile } from "./fixture.ts";

const BULKS = ["auto", "insert"] as const;

for (const bulk of BULKS) {
  const config = { bulk };

  Deno.test(`duckdb: ${bulk}: an append adds rows, and the same source adds none twice`, () =>
    withDuckFile(async (file) => {
      await file.query("CREATE TABLE t (b VARCHAR DEFAULT 'd', id BIGINT PRIMARY KEY, a VARCHAR)");
      const records = Array.from({ length: 5_000 }, (_, id) => ({ id, a: `a${id}` }));
      const source = ndjson(await file.write(records));
      const first = await file.load(source, { table: "t", batchRowsMax: 1_700, config });
      assertEquals([first.read, first.committed], [5_000, 5_000]);
      const again = await file.load(source, { table: "t", batchRowsMax: 1_700, config });
      assertEquals([again.committed, again.skipped], [0, 5_000]);
      assertEquals(
        await file.query("SELECT count(*), sum(id), count(DISTINCT a), min(b), max(b) FROM t"),
        [["5000", "12497500", "5000", "d", "d"]],
      );
    }));

  Deno.test(`duckdb: ${bulk}: of an upsert the last row of each key stays, in a batch and across batches`, () =>
    withDuckFile(async (file) => {
      await file.query(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR, b VARCHAR)",
        "INSERT INTO t VALUES (1, 'old', 'old'), (7, 'kept', 'kept')",
      );
      const records = Array.from({ length: 900 }, (_, i) => ({ id: i % 300, a: `a${i}` }));
      const report = await file.load(records, {
        table: "t",
        mode: "upsert",
        key: ["id"],
        batchRowsMax: 450,
        config,
      });
      assertEquals([report.read, report.committed, report.superseded], [900, 600, 300]);
      assertEquals(
        await file.query(
          "SELECT count(*), count(*) FILTER (a = 'a' || (600 + id)) FROM t",
          "SELECT count(*), count(*) FILTER (a = 'a' || (600 + id)), min(b), max(b) FROM t",
        ),
        [["300", "300", "kept", "old"]],
      );
    }));

  Deno.test(`duckdb: ${bulk}: a field that is absent from an upsert stays, NULL is NULL`, () =>
    withDuckFile(async (file) => {
      await file.query(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR DEFAULT 'd', b VARCHAR)",
        "INSERT INTO t VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2')",
      );
      const records = [
        { id: 1, a: "new", b: "new" },
        { id: 2, b: null },
        { id: 3, b: "b3" },
        { id: 1, b: "later" },
        { id: 2, a: null },
      ];
      const report = await file.load(records, { table: "t", mode: "upsert", key: ["id"], config });
      assertEquals([report.committed, report.superseded], [3, 2]);
      assertEquals(await file.query("SELECT id, a, b FROM t ORDER BY id"), [
        ["1", "new", "later"],
        ["2", null, null],
        ["3", "d", "b3"],
      ]);
    }));

  Deno.test(`duckdb: ${bulk}: a replace leaves the new rows alone, and the table with its indexes`, () =>
    withDuckFile(async (file) => {
      await file.query(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR UNIQUE)",
        "INSERT INTO t SELECT range, 'a' || range FROM range(1000)",
        "CREATE VIEW v AS SELECT count(*) AS n FROM t",
      );
      const records = Array.from({ length: 700 }, (_, i) => ({ id: i + 500, a: `a${i + 500}` }));
      const report = await file.load(records, {
        table: "t",
        mode: "replace",
        batchRowsMax: 300,
        config,
      });
      assertEquals(report.committed, 700);
      assertEquals(await file.query("SELECT n FROM v"), [["700"]]);
      assertEquals(await file.query("SELECT min(id), max(id) FROM t"), [["500", "1199"]]);
      assertEquals(
        await file.query("SELECT table_name FROM duckdb_tables() ORDER BY table_name"),
        [["_snakepipe_batch"], ["_snakepipe_load"], ["t"]],
      );
    }));
}

Deno.test("duckdb: keys that only DuckDB takes for the same count once", () =>
  withDuckFile(async (file) => {
    await file.query("CREATE TABLE t (id UUID PRIMARY KEY, n BIGINT)");
    const id = "abcdef00-0000-0000-0000-00000000000a";
    const records = [{ id, n: 1 }, { id: id.toUpperCase(), n: 2 }];
    const report = await file.load(records, { table: "t", mode: "upsert", key: ["id"] });
    assertEquals([report.committed, report.superseded], [1, 1]);
    assertEquals(await file.query("SELECT id, n FROM t"), [[id, "2"]]);
  }));

Deno.test("duckdb: a table of keys alone can be upserted, and a NULL key is none", () =>
  withDuckFile(async (file) => {
    const records = [{ id: 1 }, { id: 2 }, { id: 1 }];
    const options = { table: "t", mode: "upsert", key: ["id"] } as const;
    const report = await file.load(records, options);
    assertEquals([report.committed, report.superseded], [2, 1]);
    const error = await assertRejects(() => file.load([{ id: null }], options), LoadError);
    assertEquals(error.code, "rows_rejected");
    assertEquals(await file.query("SELECT count(*) FROM t"), [["2"]]);
  }));

Deno.test("duckdb: a load goes on in another process's file, and into a table that was emptied begins again", () =>
  withDuckFile(async (file) => {
    const path = await file.write([{ id: 1 }, { id: 2 }], "grows.ndjson");
    await file.load(ndjson(path), { table: "t" });
    await Deno.writeTextFile(path, '{"id":3}\n', { append: true });
    const grown = await file.load(ndjson(path), { table: "t" });
    assertEquals([grown.committed, grown.skipped], [1, 2]);
    await file.query("DELETE FROM t");
    assertEquals((await file.load(ndjson(path), { table: "t" })).committed, 3);
    await file.query("DELETE FROM t WHERE id = 2");
    const error = await assertRejects(
      () => file.load(ndjson(path), { table: "t" }),
      LoadError,
      "holds 2 rows, and this load has committed 3 to it",
    );
    assertEquals(error.code, "table_changed");
    await file.query("DROP TABLE t");
    assertEquals((await file.load(ndjson(path), { table: "t" })).committed, 3);
    assertEquals(await file.query("SELECT count(*) FROM t"), [["3"]]);
  }));

Deno.test("duckdb: two hosts of one process load into one file at the same time", () =>
  withDuckFile(async (file) => {
    const records = (from: number) => Array.from({ length: 4_000 }, (_, i) => ({ id: from + i }));
    const load = (from: number) =>
      file.load(rows(records(from)), { table: `t${from}`, schema: SCHEMA, batchRowsMax: 500 });
    const reports = await Promise.all([load(0), load(10_000)]);
    assertEquals(reports.map(({ committed }) => committed), [4_000, 4_000]);
    assertEquals(
      await file.query("SELECT (SELECT count(*) FROM t0), (SELECT min(id) FROM t10000)"),
      [["4000", "10000"]],
    );
  }));

const SCHEMA = [{ name: "id", type: "int64", nullable: false, key: true }] as const;
