/** Rows that DuckDB refuses: exactly they are left out, though there are no savepoints. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { join } from "@std/path";
import { LoadError, ndjson } from "../../../mod.ts";
import { type DuckFile, withDuckFile } from "./fixture.ts";

interface Line {
  readonly part: string;
  readonly line: number;
  readonly code: string;
  readonly column?: string;
  readonly message: string;
}

async function rejected(path: string): Promise<Line[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Line);
}

interface Case {
  readonly file: DuckFile;
  readonly records: readonly unknown[];
  readonly mode: "append" | "upsert";
  readonly name: string;
}

async function loadRejecting({ file, records, mode, name }: Case) {
  const rejects = join(file.folder, `${name}.rejects.ndjson`);
  const report = await file.load(ndjson(await file.write(records, `${name}.ndjson`)), {
    table: "t",
    mode,
    ...(mode === "upsert" ? { key: ["id"] } : {}),
    maxRejects: { kind: "count", rowsMax: 1_000 },
    rejects,
  });
  return { report, lines: await rejected(rejects) };
}

Deno.test("duckdb: each reason for which a row is refused is told with its place, and without its value", () =>
  withDuckFile(async (file) => {
    await file.query(
      "CREATE TABLE p (k BIGINT PRIMARY KEY)",
      "INSERT INTO p VALUES (1)",
      `CREATE TABLE t (id BIGINT PRIMARY KEY, small TINYINT, big UBIGINT, "not" VARCHAR NOT NULL,
        n BIGINT CHECK (n < 1000), d DATE, u UUID, e ENUM ('a', 'b'), k BIGINT REFERENCES p (k))`,
      "INSERT INTO t VALUES (77, 0, 0, '', 0, NULL, NULL, NULL, 1)",
    );
    const good = { small: 1, big: 1, not: "x", n: 1, d: "2024-02-29", u: null, e: "a", k: 1 };
    const bad: [Record<string, unknown>, string | undefined, string][] = [
      [{ small: 12_345 }, "small", "is not of the type of its column"],
      [{ big: "18446744073709551616" }, "big", "is not of the type of its column"],
      [{ not: null }, "not", "takes no NULL"],
      [{ n: 54_321 }, "n", "A CHECK constraint"],
      [{ id: 77 }, "id", "is there already"],
      [{ e: "secret" }, "e", "is not of the type of its column"],
      [{ k: 54_321 }, "k", "refers to one that is not there"],
    ];
    const records = bad.flatMap(([change], i) => [
      { ...good, id: 100 + 2 * i },
      { ...good, id: 101 + 2 * i, ...change },
    ]);
    records.push({ ...good, id: 100 });
    const { report, lines } = await loadRejecting({ file, records, mode: "append", name: "r" });
    assertEquals([report.committed, report.rejected], [bad.length, bad.length + 1]);
    assertEquals(lines.map(({ line }) => line), [2, 4, 6, 8, 10, 12, 14, 15]);
    for (const [i, [, column, message]] of bad.entries()) {
      const line = lines[i]!;
      assert(line.message.includes(message), `${line.message}, expected ${message}`);
      assert(!/54321|12345|secret|18446744073709551616|77/.test(line.message), line.message);
      assertEquals(line.column, column);
    }
    assertEquals(await file.query("SELECT count(*) FROM t"), [[String(bad.length + 1)]]);
  }));

Deno.test("duckdb: without leave, a row that is refused stops the load, and nothing of its batch is in", () =>
  withDuckFile(async (file) => {
    await file.query("CREATE TABLE t (id BIGINT PRIMARY KEY)");
    const records = [{ id: 1 }, { id: 2 }, { id: 1 }, { id: 3 }];
    const error = await assertRejects(() => file.load(records, { table: "t" }), LoadError);
    assertEquals(error.code, "rows_rejected");
    assert(
      error.message.includes("rows_1.ndjson:3: column id: A row with the same values"),
      error.message,
    );
    assertEquals(await file.query("SELECT count(*) FROM t"), [["0"]]);
    assertEquals(await file.query("SELECT count(*) FROM _snakepipe_batch"), [["0"]]);
  }));

for (const mode of ["append", "upsert"] as const) {
  Deno.test(`duckdb: ${mode}: exactly the rows are left out that DuckDB refuses row by row`, async () => {
    const row = fc.record({
      id: fc.integer({ min: 0, max: 40 }),
      n: fc.integer({ min: 0, max: 12 }).map((n) => n === 0 ? 5_000 : n),
      s: fc.integer({ min: 0, max: 12 }).map((n) => n === 0 ? 40_000 : n),
    });
    const rows = fc.array(row, { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(rows, (drawn) =>
        withDuckFile(async (file) => {
          // A row that a later one of its key replaces is checked only where its batch is sent in parts.
          const records = drawn.map((row, i) => row.n === 5_000 ? { ...row, id: 1_000 + i } : row);
          const table = "(id BIGINT PRIMARY KEY, n BIGINT CHECK (n < 1000), s SMALLINT)";
          await file.query(`CREATE TABLE t ${table}`, `CREATE TABLE one ${table}`);
          const refused: number[] = [];
          for (const [i, { id, n, s }] of records.entries()) {
            const conflict = mode === "upsert"
              ? "ON CONFLICT (id) DO UPDATE SET n = excluded.n, s = excluded.s"
              : "";
            await file.query(`INSERT INTO one VALUES (${id}, ${n}, ${s}) ${conflict}`)
              .catch(() => refused.push(i + 1));
          }
          const { report, lines } = await loadRejecting({ file, records, mode, name: "rows" });
          assertEquals(lines.map(({ line }) => line), refused);
          assertEquals(report.rejected, refused.length);
          assertEquals(
            await file.query("SELECT * FROM t ORDER BY id"),
            await file.query("SELECT * FROM one ORDER BY id"),
          );
          const [[counted] = []] = await file.query("SELECT sum(rejected) FROM _snakepipe_batch");
          assertEquals(Number(counted), refused.length);
        })),
      { numRuns: 6 },
    );
  });
}

Deno.test("duckdb: rows of several shapes are left out one by one too", () =>
  withDuckFile(async (file) => {
    await file.query(
      "CREATE TABLE t (id BIGINT PRIMARY KEY, a SMALLINT DEFAULT 7, b BIGINT CHECK (b < 100))",
    );
    const records = [
      { id: 1, a: 1 },
      { id: 2, b: 500 },
      { id: 3, a: 70_000, b: 1 },
      { id: 1, b: 5 },
      { id: 2, a: 2 },
    ];
    const { report, lines } = await loadRejecting({
      file,
      records,
      mode: "upsert",
      name: "several",
    });
    assertEquals(lines.map(({ line }) => line), [2, 3]);
    assertEquals([report.committed, report.superseded, report.rejected], [2, 1, 2]);
    assertEquals(await file.query("SELECT * FROM t ORDER BY id"), [["1", "1", "5"], [
      "2",
      "2",
      null,
    ]]);
  }));
