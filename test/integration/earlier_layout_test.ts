/** A database whose host tables are of the earlier version, in which a batch was known by its number. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { LoadError, type LoadReport, ndjson } from "../../mod.ts";
import { kindOf, openHost, type Target, TARGET_KINDS, withFolder } from "../support/target.ts";

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"id":${from + i}}\n`).join("");

async function load(target: Target, file: string, table = "t"): Promise<LoadReport> {
  await using host = await openHost();
  const backend = await host.createBackend(target.type, target.config);
  return await host.load(ndjson(file), backend, {
    table,
    batchRowsMax: 100,
    rejectTable: true,
    maxRejects: { kind: "count", rowsMax: 10 },
  });
}

/** What the earlier version could load into. */
const EARLIER: readonly string[] = ["libsql", "postgresql"];

/** The tables of today, as the earlier version had them. */
async function makeEarlier(target: Target): Promise<void> {
  const libsql = target.type === "libsql";
  const of = (name: string, columns: string, key: string, ddl: string) =>
    libsql
      ? [
        `ALTER TABLE ${name} RENAME TO ${name}_now`,
        `CREATE TABLE ${name} (${ddl}, PRIMARY KEY (${key})) STRICT, WITHOUT ROWID`,
        `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM ${name}_now`,
        `DROP TABLE ${name}_now`,
      ]
      : [
        `ALTER TABLE ${name} DROP CONSTRAINT ${name}_pkey, ADD PRIMARY KEY (${key})`,
      ];
  const integers = (names: readonly string[]) => names.map((name) => `${name} INTEGER NOT NULL`);
  const batch = [
    ...integers(["sequence", "ordinal_first", "rows_read", "committed", "superseded", "rejected"]),
    ...["part TEXT NOT NULL", "byte_first INTEGER NOT NULL", "byte_end INTEGER NOT NULL"],
    ...["content_hash TEXT NOT NULL", "row_marks BLOB NOT NULL", "plan_hash TEXT NOT NULL"],
    ...["plugin_sha256 TEXT NOT NULL", "committed_at TEXT NOT NULL"],
  ];
  const reject = [
    ...["ordinal INTEGER NOT NULL", "sequence INTEGER NOT NULL", "part TEXT NOT NULL"],
    ...["line INTEGER NOT NULL", "column_name TEXT", "code TEXT NOT NULL"],
    ...["message TEXT NOT NULL", "record BLOB", "rejected_at TEXT NOT NULL"],
  ];
  const namesOf = (columns: readonly string[]) =>
    ["load_id", ...columns.map((column) => column.split(" ")[0]!)].join(", ");
  const owner = `load_id TEXT NOT NULL REFERENCES _snakepipe_load (id)`;
  const statements = [
    ...of("_snakepipe_batch", namesOf(batch), "load_id, sequence", [owner, ...batch].join(", ")),
    ...of("_snakepipe_reject", namesOf(reject), "load_id, ordinal", [owner, ...reject].join(", ")),
    "ALTER TABLE _snakepipe_load DROP COLUMN table_state",
    ...(libsql ? [] : [
      "ALTER TABLE _snakepipe_batch DROP COLUMN left_out, DROP COLUMN run_id",
      "ALTER TABLE _snakepipe_reject DROP COLUMN byte",
    ]),
  ];
  for (const sql of statements) await target.execute(sql);
}

function test(name: string, act: (target: Target, file: string) => Promise<void>): void {
  // The other families came after it.
  for (const kind of TARGET_KINDS.filter(({ name }) => EARLIER.includes(name))) {
    Deno.test(`earlier layout: ${kind.name}: ${name}`, () =>
      kind.use((target) => withFolder((folder) => act(target, join(folder, "rows.ndjson")))));
  }
}

test("a load goes on, with its rejects, and what was refused stays known", async (target, file) => {
  await Deno.writeTextFile(file, lines(0, 150) + `{"id":"x"}\n` + lines(151, 300));
  assertEquals((await load(target, file)).rejected, 1);
  await makeEarlier(target);
  await Deno.writeTextFile(file, await Deno.readTextFile(file) + lines(300, 350) + `{"id":"y"}\n`);
  const report = await load(target, file);
  assertEquals([report.skipped, report.committed, report.rejected], [300, 50, 1]);
  assertEquals((await load(target, file)).skipped, 351);
  const rows = await target.query(
    `SELECT ${target.textOf("ordinal")} AS o, ${
      target.textOf("byte")
    } AS b FROM _snakepipe_reject ` +
      "ORDER BY ordinal",
  );
  assertEquals(rows.map(({ o, b }) => [o, Number(b) < 0]), [["150", true], ["350", false]]);
});

test("a batch that two programs have loaded twice is refused, and told", async (target, file) => {
  await Deno.writeTextFile(file, lines(0, 150));
  await load(target, file);
  await makeEarlier(target);
  const columns = "load_id, ordinal_first, rows_read, committed, superseded, rejected, part, " +
    "byte_first, byte_end, content_hash, row_marks, plan_hash, plugin_sha256, committed_at";
  await target.execute(
    `INSERT INTO _snakepipe_batch (sequence, ${columns}) ` +
      `SELECT sequence + 7, ${columns} FROM _snakepipe_batch WHERE sequence = 0`,
  );
  const error = await assertRejects(() => load(target, file), LoadError);
  assertStringIncludes(error.message, "twice");
  assertStringIncludes(error.message, "byte 0 of");
  await target.execute("DELETE FROM _snakepipe_batch WHERE sequence = 7");
  assertEquals((await load(target, file)).skipped, 150);
});

Deno.test("earlier layout: libsql: loads of one table under several names are found by its own", () =>
  kindOf("libsql").use((target) =>
    withFolder(async (folder) => {
      const file = join(folder, "rows.ndjson");
      await Deno.writeTextFile(file, lines(0, 150));
      await load(target, file);
      await makeEarlier(target);
      await target.execute("UPDATE _snakepipe_load SET table_name = 'main.T'");
      assertEquals((await load(target, file)).skipped, 150);
    })
  ));
