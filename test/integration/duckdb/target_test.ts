/** Tables that a load into DuckDB refuses, and says why before the first row. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { LoadError, type LoadOptions } from "../../../mod.ts";
import { withDuckFile } from "./fixture.ts";

type Mode = NonNullable<LoadOptions["mode"]>;

const PARENT = [
  "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR)",
  "INSERT INTO t VALUES (1, 'old'), (2, 'old')",
];

/** Statements before it, the mode, what it says (undefined: it goes on), and the error's code. */
const CASES: readonly (readonly [string, readonly string[], Mode, string | undefined, string?])[] =
  [
    [
      "rows that refer to a replaced table",
      [
        ...PARENT,
        "CREATE TABLE c (pid BIGINT REFERENCES t (id))",
        "INSERT INTO c VALUES (1)",
      ],
      "replace",
      "rows of table c refer to it (pid), and DuckDB deletes no row that is referred to",
    ],
    [
      "rows that refer to their own table",
      [
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR, p BIGINT REFERENCES t (id))",
        "INSERT INTO t VALUES (1, 'a', NULL)",
        "INSERT INTO t VALUES (2, 'b', 1)",
      ],
      "replace",
      "it refers to itself (p)",
    ],
    [
      "a table that refers, but has no row",
      [
        ...PARENT,
        "CREATE TABLE c (pid BIGINT REFERENCES t (id))",
      ],
      "replace",
      undefined,
    ],
    [
      "rows that refer, under an upsert",
      [
        ...PARENT,
        "CREATE TABLE c (pid BIGINT REFERENCES t (id))",
        "INSERT INTO c VALUES (1)",
      ],
      "upsert",
      undefined,
    ],
    ["a view", ["CREATE VIEW t AS SELECT 1 AS id"], "append", "belongs to a view", "name_refused"],
    [
      "a nested column",
      [
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER[])",
      ],
      "append",
      "Values are not loaded into columns of type INTEGER[]: load them into one of type JSON",
      "rows_rejected",
    ],
    [
      "a struct that is not loaded",
      [
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR, s STRUCT(x INTEGER))",
      ],
      "append",
      undefined,
    ],
    [
      "a collation",
      [
        "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR COLLATE NOCASE)",
      ],
      "upsert",
      "has a column with COLLATE",
    ],
    [
      "a table without the key",
      ["CREATE TABLE t (id BIGINT, a VARCHAR)"],
      "upsert",
      "has no unique constraint on (id)",
      "key_not_unique",
    ],
    [
      "a unique index as the key",
      [
        "CREATE TABLE t (id BIGINT, a VARCHAR)",
        "CREATE UNIQUE INDEX i ON t (id)",
      ],
      "upsert",
      undefined,
    ],
  ];

for (const [what, statements, mode, message, code = "table_refused"] of CASES) {
  Deno.test(`duckdb: ${mode} with ${what} ${message === undefined ? "goes on" : "is refused"}`, () =>
    withDuckFile(async (file) => {
      await file.query(...statements);
      const records = [{ id: 1, a: 1 }, { id: 2, a: 2 }].map((r) => ({ ...r, a: `a${r.id}` }));
      const load = () => file.load(records, { table: "t", mode, key: ["id"] });
      if (message === undefined) {
        assertEquals((await load()).committed, 2);
        assertEquals(
          await file.query("SELECT id, a FROM t ORDER BY id"),
          [["1", "a1"], ["2", "a2"]],
        );
        return;
      }
      const error = await assertRejects(load, LoadError);
      assertEquals(error.code, code, error.message);
      assert(error.message.includes(message), error.message);
    }));
}

Deno.test("duckdb: a generated column is left to the database, and so is a default", () =>
  withDuckFile(async (file) => {
    await file.query(
      "CREATE TABLE t (id BIGINT, twice BIGINT GENERATED ALWAYS AS (2 * id), d INTEGER DEFAULT 7)",
    );
    assertEquals((await file.load([{ id: 1 }, { id: 2 }], { table: "t" })).committed, 2);
    assertEquals(await file.query("SELECT * FROM t ORDER BY id"), [["1", "2", "7"], [
      "2",
      "4",
      "7",
    ]]);
    await assertRejects(() => file.load([{ id: 1, twice: 5 }], { table: "t" }), LoadError);
  }));

Deno.test("duckdb: a second unique column refuses a row of an upsert, and no other row changes", () =>
  withDuckFile(async (file) => {
    await file.query(
      "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR UNIQUE)",
      "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    );
    const options = {
      table: "t",
      mode: "upsert",
      key: ["id"],
      maxRejects: { kind: "count", rowsMax: 1 },
      rejects: `${file.folder}/r.ndjson`,
    } as const;
    const report = await file.load([{ id: 3, a: "b" }, { id: 1, a: "c" }], options);
    assertEquals([report.committed, report.rejected], [1, 1]);
    assertEquals(await file.query("SELECT * FROM t ORDER BY id"), [["1", "c"], ["2", "b"]]);
  }));

Deno.test("duckdb: a schema is taken by its name, unless the file has the same", () =>
  withDuckFile(async (file) => {
    await file.query("CREATE SCHEMA staging", "CREATE SCHEMA target");
    await file.load([{ id: 1 }], { table: "staging.t" });
    assertEquals(await file.query("SELECT count(*) FROM staging.t"), [["1"]]);
    assertEquals(await file.query("SELECT count(*) FROM staging._snakepipe_load"), [["1"]]);
    for (
      const [table, message, code] of [
        ["target.t", "is the file as well as the schema: rename one of them", "name_refused"],
        ["nowhere.t", "The table or its schema is missing", "table_missing"],
      ] as const
    ) {
      const error = await assertRejects(
        () => file.load([{ id: 1 }], { table }),
        LoadError,
        message,
      );
      assertEquals(error.code, code);
    }
  }));
