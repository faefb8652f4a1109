/** What identifies a load is the table itself: under whatever name, and not another one of that name. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { LoadError, type LoadOptions, type LoadReport, ndjson } from "../../mod.ts";
import { kindOf, openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"id":${from + i},"text":"x${from + i}"}\n`).join(
    "",
  );

async function load(
  target: Target,
  file: string,
  options: Partial<LoadOptions> = {},
): Promise<LoadReport> {
  await using host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  return await host.load(ndjson(file), backend, {
    table: "t",
    batchRowsMax: 100,
    connections: 1,
    ...options,
  });
}

async function count(target: Target, table = "t"): Promise<number> {
  const [row] = await target.query(`SELECT ${target.textOf("count(*)")} AS n FROM ${table}`);
  return Number(row!.n);
}

/** What is done to the table that is loaded into. */
function words({ sql }: Target) {
  return {
    create: `CREATE TABLE t (id ${sql.integer}, text ${sql.types.text})`,
    truncate: sql.truncate("t"),
    rebuild: sql.maintain("t"),
  };
}

function test(name: string, act: (target: Target, file: string) => Promise<void>): void {
  for (const kind of TARGET_KINDS) {
    Deno.test(`table identity: ${kind.name}: ${name}`, () =>
      kind.use((target) => withFolder((folder) => act(target, join(folder, "rows.ndjson")))));
  }
}

/** The load is refused since its table has changed, and nothing is committed. */
async function refused(
  target: Target,
  file: string,
  options: Partial<LoadOptions> = {},
): Promise<string> {
  const before = await count(target);
  const error = await assertRejects(() => load(target, file, options), LoadError);
  assertEquals(error.code, "table_changed", error.message);
  // What doubles the rows of an append comes first only where they are gone for certain.
  const ways = error.message.match(/--(fresh|same-table)/g);
  const areGone = error.message.includes("its rows are gone");
  assertEquals(ways, areGone ? ["--fresh", "--same-table"] : ["--same-table", "--fresh"]);
  assertEquals(await count(target), before);
  return error.message;
}

const SQL = {
  "renamed, and made again": (target: Target) => [
    "ALTER TABLE t RENAME TO t_before",
    words(target).create,
  ],
  "dropped, and made again": (target: Target) => ["DROP TABLE t", words(target).create],
  truncated: (target: Target) => [words(target).truncate],
};

for (const [name, statements] of Object.entries(SQL)) {
  // The merge changes nothing of how a table is known.
  const modes = name.startsWith("dropped") ? ["append", "upsert"] as const : ["append"] as const;
  for (const mode of modes) {
    test(`${mode} into a table that was ${name}, with rows: refused`, async (target, file) => {
      const options = { mode, ...(mode === "upsert" ? { key: ["id"] } : {}) };
      await Deno.writeTextFile(file, lines(0, 300));
      await load(target, file, options);
      let index: string | undefined;
      const move = async (rows: readonly string[]) => {
        if (index && name.startsWith("renamed") && target.family.quirks.indexesPinNames) {
          await assertRejects(() => target.execute(statements(target)[0]!));
          await target.execute(target.sql.dropIndex(index, "t"));
        }
        for (const sql of statements(target)) await target.execute(sql);
        if (mode === "upsert" && name !== "truncated") {
          index = `key_${crypto.randomUUID().slice(0, 8)}`;
          await target.execute(`CREATE UNIQUE INDEX ${index} ON t (id)`);
        }
        for (const row of rows) await target.execute(`INSERT INTO t VALUES ${row}`);
        if (name.startsWith("renamed")) await target.execute("DROP TABLE t_before");
      };
      // The first row of the load and others; a stranger's row; its first row alone.
      const some = [["(0, 'x0')", "(5, 'x5')"], ["(7, 'a stranger')"], ["(0, 'x0')"]];
      for (const [i, rows] of (mode === "append" ? some : some.slice(0, 1)).entries()) {
        await move(rows);
        await refused(target, file, options);
        if (i === 0) await refused(target, file, options);
        const fresh = await load(target, file, { ...options, fresh: true });
        assertEquals(fresh.committed, 300);
        assertEquals(await count(target), mode === "append" ? 300 + rows.length : 300);
        if (i > 0) continue;
        assertEquals((await load(target, file, options)).skipped, 300);
        const again = await load(target, file, { ...options, sameTable: true });
        assertEquals(again.skipped, 300);
      }
      await move([]);
      assertEquals((await load(target, file, options)).committed, 300, "an empty one is filled");
      assertEquals(await count(target), 300);
    });
  }

  test(`a table that is ${name} while a load runs stops it`, async (target, file) => {
    await target.execute(words(target).create);
    await Deno.writeTextFile(file, lines(0, 4_000));
    let moved: Promise<void> | undefined;
    const move = async () => {
      const insert = "INSERT INTO t VALUES (-1, 'a stranger')";
      await target.execute(["BEGIN", ...statements(target), insert, "COMMIT"].join("; "));
    };
    const error = await assertRejects(
      () => load(target, file, { onProgress: () => void (moved ??= move()) }),
      LoadError,
    );
    await moved;
    // Where DDL commits, a batch may come while there is no table.
    const codes = target.family.quirks.ddlCommits === undefined
      ? ["table_changed"]
      : ["table_changed", "table_missing"];
    assert(codes.includes(error.code), error.message);
    const left = await count(target);
    const seesOld = name === "truncated" && target.family.quirks.deletesUnseen !== undefined;
    assert(left === 1 || (seesOld && left === 101), `of the batch is committed: ${left}`);
    await refused(target, file);
    const fresh = await load(target, file, { fresh: true });
    assertEquals([fresh.committed, await count(target)], [4_000, 4_000 + left]);
  });
}

test("made again and filled by somebody else with as many rows: refused", async (target, file) => {
  await Deno.writeTextFile(file, lines(0, 300));
  await load(target, file);
  for (const sql of ["DROP TABLE t", words(target).create]) await target.execute(sql);
  const rows = Array.from({ length: 400 }, (_, i) => `(${1000 + i}, 'theirs')`);
  await target.execute(`INSERT INTO t VALUES ${rows.join(", ")}`);
  await refused(target, file);
  const report = await load(target, file, { sameTable: true });
  assertEquals([report.skipped, report.committed], [300, 0], "whoever says so goes on");
  assertEquals((await load(target, file)).skipped, 300, "and is not asked again");
});

test("what leaves the rows alone does not disturb a load", async (target, file) => {
  await Deno.writeTextFile(file, lines(0, 300));
  await load(target, file);
  const integer = target.sql.integer;
  const steps: readonly (readonly string[])[] = [
    [`ALTER TABLE t ADD COLUMN more ${integer}`],
    ["CREATE INDEX t_id ON t (id)"],
    [target.sql.dropIndex("t_id", "t")],
    words(target).rebuild,
    [`CREATE TABLE another (id ${integer})`, "DROP TABLE another"],
    ["DELETE FROM t WHERE id = 0"],
    ["UPDATE t SET text = 'changed' WHERE id < 10"],
    ["INSERT INTO t (id) VALUES (-5), (9999)"],
    ["ALTER TABLE t RENAME COLUMN more TO others"],
  ];
  let rows = 300;
  for (const statements of steps) {
    for (const sql of statements) await target.execute(sql);
    const sql = statements[0]!;
    if (sql.startsWith("DELETE")) {
      // The load may be asked for it where DELETE is what TRUNCATE is elsewhere.
      await target.execute("INSERT INTO t (id, text) VALUES (0, 'x0')");
    }
    await Deno.writeTextFile(file, lines(0, rows += 50));
    const report = await load(target, file);
    assertEquals([report.skipped, report.committed], [rows - 50, 50], sql);
  }
});

test("a load goes on behind another one, and both are known again", async (target, file) => {
  await Deno.writeTextFile(file, lines(0, 300));
  const other = `${file.slice(0, -".ndjson".length)}_b.ndjson`;
  await Deno.writeTextFile(other, lines(300, 600));
  await load(target, file);
  await load(target, other);
  for (const each of [file, other, file]) assertEquals((await load(target, each)).skipped, 300);
  assertEquals(await count(target), 600);
});

test(
  "a load whose rows were replaced, or whose table was made by another one, begins again",
  async (target, file) => {
    await Deno.writeTextFile(file, lines(0, 300));
    const other = `${file.slice(0, -".ndjson".length)}_b.ndjson`;
    await Deno.writeTextFile(other, lines(0, 400));
    await load(target, file);
    await load(target, other, { mode: "replace" });
    assertEquals((await load(target, file)).committed, 300);
    assertEquals(await count(target), 700);
    await target.execute("DROP TABLE t");
    await load(target, other, { load: "b" });
    assertEquals((await load(target, file)).committed, 300);
    assertEquals((await load(target, file)).skipped, 300);
    assertEquals(await count(target), 700);
  },
);

test(
  "two loaders of one table do not take each other's rows for a change",
  async (target, file) => {
    const other = `${file.slice(0, -".ndjson".length)}_b.ndjson`;
    await Deno.writeTextFile(file, lines(0, 5_000));
    await Deno.writeTextFile(other, lines(5_000, 10_000));
    await target.execute(words(target).create);
    const reports = await Promise.all([file, other].map((each) => load(target, each)));
    assertEquals(reports.map(({ committed }) => committed), [5_000, 5_000]);
    assertEquals(await count(target), 10_000);
  },
);

Deno.test("table identity: libsql: one table under three names is one load", () =>
  kindOf("libsql").use((target) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      await Deno.writeTextFile(file, lines(0, 100));
      const reports = [];
      for (const table of ["t", "T", "main.t", "MAIN.T"]) {
        reports.push(await load(target, file, { table }));
      }
      assertEquals(reports.map(({ committed, skipped }) => [committed, skipped]), [
        [100, 0],
        ...[[0, 100], [0, 100], [0, 100]],
      ]);
      assertEquals(new Set(reports.map((report) => report.load!.id)).size, 1);
      assertEquals(await count(target), 100);
      await target.execute('CREATE TABLE "Spelt So" (id INTEGER, text TEXT)');
      await load(target, file, { table: "spelt so" });
      assertEquals((await load(target, file, { table: "SPELT SO" })).skipped, 100);
      const names = await target.query(
        "SELECT DISTINCT table_name AS n FROM _snakepipe_load ORDER BY 1",
      );
      assertEquals(names.map(({ n }) => n), ["Spelt So", "t"]);
      for (const table of ["temp.t", "other.t"]) {
        const error = await assertRejects(() => load(target, file, { table }), LoadError);
        assertEquals(error.code, "name_refused");
      }
    })
  ));

Deno.test("table identity: postgresql: a table with and without its schema is one load, another spelling is not", () =>
  kindOf("postgres").use((target) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      await Deno.writeTextFile(file, lines(0, 100));
      const first = await load(target, file, { table: "lt" });
      const second = await load(target, file, { table: "public.lt" });
      assertEquals([second.skipped, second.load], [100, first.load]);
      assertEquals((await load(target, file, { table: "LT" })).committed, 100);
      assertEquals([await count(target, "lt"), await count(target, '"LT"')], [100, 100]);
    })
  ));

Deno.test("table identity: postgresql: a table that was rewritten goes on where somebody says that it is the same", () =>
  kindOf("postgres").use((target) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      let rows = 300;
      await Deno.writeTextFile(file, lines(0, rows));
      await load(target, file);
      await target.execute("CREATE INDEX t_id ON t (id)");
      for (
        const sql of [
          "VACUUM FULL t",
          "CLUSTER t USING t_id",
          "ALTER TABLE t ALTER COLUMN id TYPE numeric",
        ]
      ) {
        await target.execute(sql);
        assertStringIncludes(await refused(target, file), "VACUUM FULL, CLUSTER or ALTER TABLE");
        await Deno.writeTextFile(file, lines(0, rows += 50));
        const report = await load(target, file, { sameTable: true });
        assertEquals([report.skipped, report.committed], [rows - 50, 50], sql);
        assertEquals((await load(target, file)).skipped, rows);
      }
      assertEquals(await count(target), rows);
    })
  ));

Deno.test("table identity: postgresql: a partitioned table is its partitions, and may get more of them", () =>
  kindOf("postgres").use((target) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      await target.execute("CREATE TABLE t (id bigint, text text) PARTITION BY RANGE (id)");
      const partition = (from: number) =>
        target.execute(
          `CREATE TABLE t_${from} PARTITION OF t FOR VALUES FROM (${from}) TO (${from + 200})`,
        );
      await partition(0);
      await partition(200);
      await Deno.writeTextFile(file, lines(0, 300));
      await load(target, file);
      await partition(400);
      await Deno.writeTextFile(file, lines(0, 500));
      assertEquals((await load(target, file)).committed, 200);
      await target.execute("TRUNCATE t_400");
      await refused(target, file);
      assertEquals((await load(target, file, { sameTable: true })).skipped, 500);
      await target.execute("TRUNCATE t");
      await target.execute("INSERT INTO t VALUES (1, 'x')");
      assertStringIncludes(await refused(target, file), "truncated");
    })
  ));

Deno.test("table identity: libsql: tables without rowid, and with columns of its names, are known too", () =>
  kindOf("libsql").use((target) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      const tables = [
        "(id INTEGER, text TEXT, PRIMARY KEY (text, id)) WITHOUT ROWID",
        "(id INTEGER PRIMARY KEY, text TEXT, rowid TEXT, _rowid_ TEXT)",
        "(id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
        "(id INTEGER, text TEXT, rowid TEXT, _rowid_ TEXT, oid TEXT)",
      ];
      for (const columns of tables) {
        await target.execute(`CREATE TABLE t ${columns}`);
        await Deno.writeTextFile(file, lines(0, 300));
        await load(target, file, { load: columns });
        await target.execute("VACUUM");
        await Deno.writeTextFile(file, lines(0, 350));
        assertEquals((await load(target, file, { load: columns })).committed, 50, columns);
        await target.execute("DELETE FROM t");
        await target.execute("INSERT INTO t (id, text) VALUES (0, 'x0')");
        await refused(target, file, { load: columns });
        await target.execute("DROP TABLE t");
        await target.execute(`CREATE TABLE t ${columns}`);
        await target.execute("INSERT INTO t (id, text) VALUES (7, 'y')");
        await refused(target, file, { load: columns });
        await target.execute("DROP TABLE t");
      }
    })
  ));

test(
  "a load whose rows are there again is not taken for gone by another one that begins again",
  async (target, file) => {
    await target.execute(words(target).create);
    await Deno.writeTextFile(file, lines(0, 300));
    const [first, second] = [{ load: "first" }, { load: "second" }];
    await load(target, file, first);
    await load(target, file, second);
    await target.execute(words(target).truncate);
    assertEquals((await load(target, file, first)).committed, 300);
    assertEquals((await load(target, file, second)).committed, 300);
    assertEquals((await load(target, file, first)).committed, 0);
    assertEquals(await count(target), 600);
  },
);
