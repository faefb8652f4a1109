/** Append, upsert and replace: what is in the table, what is left beside it, and what is refused before. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { load, type Place, refusal, rejected, test } from "./load_case.ts";

const UPSERT = { mode: "upsert", key: ["id"], fresh: true } as const;

/** Names of the tables that are there. */
async function tables({ db }: Place): Promise<string[]> {
  return (await db.query("SHOW TABLES")).flat().map(String).sort();
}

test("append adds rows, once for each source", async (place) => {
  const rows = Array.from({ length: 2_500 }, (_, id) => ({ id, name: `row ${id}` }));
  assertEquals((await load(place, rows)).committed, 2_500);
  const again = await load(place, rows);
  assertEquals([again.committed, again.skipped], [0, 2_500]);
  const sums = "SELECT count(*), count(DISTINCT id), sum(id) FROM t";
  assertEquals(await place.db.query(sums), [["2500", "2500", "3123750"]]);
  assertEquals(await place.db.query("SELECT state, rows_committed FROM _snakepipe_load"), [
    ["complete", "2500"],
  ]);
});

test("several connections write one load", async (place) => {
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, name: `row ${id}` }));
  const report = await load(place, rows, { connections: 3, batchRowsMax: 500 });
  assertEquals([report.committed, report.batches], [20_000, 40]);
  assertEquals(await place.db.query("SELECT count(DISTINCT id), sum(id) FROM t"), [
    ["20000", "199990000"],
  ]);
  assertEquals(await place.db.query("SELECT count(*), sum(committed) FROM _snakepipe_batch"), [
    ["40", "20000"],
  ]);
});

test("an upsert changes what its records have, and counts what later ones replaced", async (place) => {
  await place.db.execute(
    "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9), b VARCHAR(9))",
    "INSERT INTO t VALUES (1, 'old', 'keep'), (2, 'old', 'keep')",
  );
  const report = await load(place, [
    { id: 1, a: "new" },
    { id: 2, b: null },
    { id: 3, a: "x", b: "y" },
    { id: 3, a: "z" },
    // Equal to what is there: the server counts no row of it.
    { id: 1, a: "new" },
  ], UPSERT);
  assertEquals([report.read, report.committed, report.superseded], [5, 3, 2]);
  assertEquals(await place.db.query("SELECT * FROM t ORDER BY id"), [
    ["1", "new", "keep"],
    ["2", "old", null],
    ["3", "z", "y"],
  ]);
});

test("an upsert of one row, of a key alone, and of what is there already counts each row", async (place) => {
  await place.db.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
  assertEquals((await load(place, [{ id: 1 }], UPSERT)).committed, 1);
  assertEquals((await load(place, [{ id: 1 }, { id: 2 }], UPSERT)).committed, 2);
  assertEquals(await place.db.query("SELECT * FROM t ORDER BY id"), [["1"], ["2"]]);
});

/** Keys of which some are one to the database; how many there are. */
const EQUAL: readonly (readonly [declared: string, keys: readonly unknown[], distinct: number])[] =
  [
    ["VARCHAR(9) COLLATE utf8mb4_general_ci", ["a", "A", "á", "a "], 1],
    ["VARCHAR(9) COLLATE utf8mb4_bin", ["a", "A", "á", "a "], 3],
    ["VARCHAR(9) COLLATE utf8mb4_nopad_bin", ["a", "A", "á", "a "], 4],
    ["DECIMAL(9,3)", [1, 1.0, 1.5, "1.50"], 2],
    ["DATETIME(6)", ["2024-01-01T10:00", "2024-01-01 10:00:00", "2024-01-01 10:00:00.000"], 1],
    ["UUID", ["0190A5D5-7E4B-7C3A-8000-00000000000F", "0190a5d5-7e4b-7c3a-8000-00000000000f"], 1],
  ];

for (const [declared, keys, distinct] of EQUAL) {
  test(`an upsert counts keys of ${declared} as the database does`, async (place) => {
    await place.db.execute(`CREATE TABLE t (id ${declared} PRIMARY KEY, v INT)`);
    const report = await load(place, keys.map((id, v) => ({ id, v })), UPSERT);
    const [[there]] = await place.db.query("SELECT count(*) FROM t") as [[string]];
    assertEquals(Number(there), distinct);
    assertEquals([report.committed, report.superseded], [distinct, keys.length - distinct]);
  });

  test(`and so in groups of fields, and in parts, with keys of ${declared}`, async (place) => {
    await place.db.execute(
      `CREATE TABLE t (id ${declared} PRIMARY KEY, v INT CHECK (v < 9), w INT)`,
    );
    const records = keys.map((id, v) => v % 2 === 0 ? { id, v } : { id, v, w: v });
    const { report, rejects } = await rejected(place, [...records, { id: keys[0], v: 10 }], UPSERT);
    const [[there]] = await place.db.query("SELECT count(*) FROM t") as [[string]];
    assertEquals(Number(there), distinct);
    assertEquals([report.committed, report.superseded], [distinct, keys.length - distinct]);
    assertEquals(rejects.map(({ line }) => line), [keys.length + 1]);
  });
}

test("an upsert of several columns of key", async (place) => {
  const records = [{ a: 1, b: "x", v: 1 }, { a: 1, b: "X", v: 2 }, { a: 1, b: "x", v: 3 }];
  const report = await load(place, records, { ...UPSERT, key: ["a", "b"] });
  assertEquals([report.committed, report.superseded], [2, 1]);
  assertEquals(await place.db.query("SELECT a, b, v FROM t ORDER BY v"), [
    ["1", "X", "2"],
    ["1", "x", "3"],
  ]);
});

test("an upsert into a table with a second unique index is refused, and no row is written", async (place) => {
  await place.db.execute(
    "CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR(20) UNIQUE, a INT, UNIQUE KEY pair (a, id))",
    "INSERT INTO t VALUES (1, 'a@x', 1)",
  );
  const error = await refusal(() => load(place, [{ id: 2, email: "a@x", a: 2 }], UPSERT));
  assertEquals(error.code, "table_refused");
  assertStringIncludes(error.message, "unique index email (email)");
  assertEquals(await place.db.query("SELECT * FROM t"), [["1", "a@x", "1"]]);
  // One that holds the whole key finds no other row than the key does.
  await place.db.execute("ALTER TABLE t DROP INDEX email");
  assertEquals((await load(place, [{ id: 1, a: 5 }], UPSERT)).committed, 1);
});

test("a replace puts its rows in the place of all others, and leaves nothing beside", async (place) => {
  await place.db.execute(
    "CREATE TABLE t (id INT PRIMARY KEY, name VARCHAR(9), KEY by_name (name))",
    "INSERT INTO t VALUES (1, 'old'), (9, 'gone')",
    "CREATE VIEW names AS SELECT name FROM t",
  );
  const report = await load(place, [{ id: 1, name: "new" }, { id: 2, name: "b" }], {
    mode: "replace",
  });
  assertEquals(report.committed, 2);
  assertEquals(await place.db.query("SELECT * FROM names"), [["b"], ["new"]]);
  assertEquals(await tables(place), ["_snakepipe_batch", "_snakepipe_load", "names", "t"]);
  await load(place, [{ id: 3, name: "c" }], { mode: "replace" });
  assertEquals(await place.db.query("SELECT * FROM t"), [["3", "c"]]);
});

test("a replace that fails at its end leaves the table as it was, and nothing beside", async (place) => {
  await place.db.execute(
    "CREATE TABLE t (id INT PRIMARY KEY, v INT CHECK (v < 9))",
    "INSERT INTO t VALUES (1, 1)",
  );
  const error = await refusal(() =>
    load(place, [{ id: 1, v: 2 }, { id: 2, v: 10 }], { mode: "replace" })
  );
  assertEquals(error.code, "rows_rejected");
  assertEquals(await place.db.query("SELECT * FROM t"), [["1", "1"]]);
  assertEquals(await tables(place), ["_snakepipe_batch", "_snakepipe_load", "t"]);
});

const REFERRERS: readonly (readonly [what: string, ddl: string, reason: string])[] = [
  [
    "a key that restricts",
    "CREATE TABLE c (t_id INT, CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t (id))",
    "refers to it by the foreign key k",
  ],
  [
    "a key that cascades",
    "CREATE TABLE c (t_id INT, CONSTRAINT k FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE)",
    "ON DELETE CASCADE",
  ],
  [
    "a trigger on DELETE",
    "CREATE TRIGGER gone AFTER DELETE ON t FOR EACH ROW SET @gone = 1",
    "trigger gone on DELETE",
  ],
];

for (const [what, ddl, reason] of REFERRERS) {
  test(`a replace of a table with ${what} is refused before the first row`, async (place) => {
    await place.db.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)", ddl);
    const error = await refusal(() => load(place, [{ id: 2 }], { mode: "replace" }));
    assertEquals(error.code, "table_refused");
    assertStringIncludes(error.message, reason);
    assertEquals(await place.db.query("SELECT * FROM t"), [["1"]]);
    assert(!(await tables(place)).some((name) => name.includes("aside")));
    // Without changing what is there, rows go in.
    assertEquals((await load(place, [{ id: 2 }])).committed, 1);
  });
}

const REFUSED: readonly (readonly [what: string, ddl: string, code: string, reason: string])[] = [
  ["a table of MyISAM", "CREATE TABLE t (id INT) ENGINE = MyISAM", "table_refused", "MyISAM"],
  ["a table of Aria", "CREATE TABLE t (id INT) ENGINE = Aria", "table_refused", "Aria"],
  ["a view", "CREATE VIEW t AS SELECT 1 AS id", "name_refused", "belongs to a view"],
  ["a column of bits", "CREATE TABLE t (id BIT(8))", "table_refused", "bit(8)"],
];

for (const [what, ddl, code, reason] of REFUSED) {
  test(`${what} is refused`, async (place) => {
    await place.db.execute(ddl);
    const error = await refusal(() => load(place, ['{"id":1}']));
    assertEquals(error.code, code);
    assertStringIncludes(error.message, reason);
  });
}

test("names at the limit are taken, and those over it or beyond U+FFFF refused", async (place) => {
  const named = (name: string) => load(place, [{ [name]: 1 }], { table: name, fresh: true });
  for (const name of ["é".repeat(64), "select", "T", "t"]) {
    assertEquals((await named(name)).committed, 1, name);
  }
  await load(place, [{ "a`b\"c'd?\\": 1 }], { table: "odd" });
  assertEquals(await place.db.query("SELECT * FROM odd"), [["1"]]);
  for (
    const [name, reason] of [
      ["é".repeat(65), "65 characters"],
      ["x😀", "U+FFFF"],
      ["blank ", "ends with a blank"],
    ] as const
  ) {
    const error = await refusal(() => load(place, [{ [name]: 1 }], { table: "other" }));
    assertEquals(error.code, "name_refused", name);
    assertStringIncludes(error.message, reason);
  }
  assertEquals(await place.db.query("SELECT t, (SELECT `T` FROM `T`) FROM t"), [["1", "1"]]);
});
