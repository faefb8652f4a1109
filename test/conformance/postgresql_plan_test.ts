/** The postgresql plugin alone: what it says of itself, and its plans, run on a real server. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type postgres from "postgres";
import type { Plan } from "../../src/plugin_api/plan.ts";
import { type Column, type Shape, WRITE_MODES } from "../../src/model/batch.ts";
import { sentInsert } from "../../host/drivers/postgres/bulk.ts";
import { plainInsert } from "../../src/plan_policy/plain_insert.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/plugins/check/sample_shape.ts";
import { quoted, renderPlanned, sampleText } from "../support/plan_text.ts";
import { withDatabase } from "../support/postgres_database.ts";

const plugin = await builtPlugin("postgresql");

Deno.test("postgresql plugin answers to its schemes and plans for its driver", () => {
  const { name, backend, driver, schemes, capabilities } = plugin.manifest;
  assertEquals([name, backend, driver], ["postgresql", "postgresql", "postgres"]);
  assertEquals([...schemes], ["postgres", "postgresql"]);
  assertEquals([...capabilities.modes], [...WRITE_MODES]);
  assert(!plugin.imports.includes("batch_column_name"));
});

Deno.test("postgresql plugin opens a session as its settings say", async () => {
  const session = (given: Record<string, unknown>) => askPlugin(plugin, (p) => p.session(), given);
  assertEquals([...await session({})], []);
  assertEquals([...await session({ synchronousCommit: "off" })], ["SET synchronous_commit TO off"]);
});

Deno.test("postgresql plugin judges its health by answer and latency", async () => {
  assertEquals(await askPlugin(plugin, (p) => p.healthProbe()), "SELECT 1");
  const judge = (latencyMs: number, text: string) =>
    askPlugin(plugin, (p) => p.judgeHealth({ latencyMs, text }));
  assertEquals(await judge(1000, "1"), "healthy");
  assertEquals(await judge(1001, "1"), "degraded");
  assertEquals(await judge(1, ""), "unhealthy");
});

Deno.test("postgresql plugin classifies SQLSTATEs by their class", async () => {
  const classify = (code: string) => askPlugin(plugin, (p) => p.classify(code));
  assertEquals(await classify("08P01"), "unavailable");
  assertEquals(await classify("57P05"), "unavailable");
  assertEquals(await classify("40003"), "conflict");
  assertEquals(await classify("22P06"), "data");
  assertEquals(await classify("42601"), "unknown");
});

Deno.test("postgresql plugin makes json columns of the type that its settings name", async () => {
  for (const jsonType of ["json", "jsonb"]) {
    const shape = sampleShape([{ name: "v", type: "json", nullable: true, key: false }], "append");
    const { plan } = await askPlugin(plugin, (p) => p.plan(shape), { jsonType });
    assertEquals(plan.create, [`CREATE TABLE IF NOT EXISTS {table} ({col:0} ${jsonType})`]);
  }
});

Deno.test("postgresql plugin only inserts, so that the driver can carry rows by COPY", async () => {
  for (const columns of Object.values(SAMPLE_COLUMNS)) {
    for (const mode of WRITE_MODES) {
      if (mode === "upsert" && !columns.some((c) => c.key)) continue;
      const shape = sampleShape(columns, mode);
      const { plan } = await askPlugin(plugin, (p) => p.plan(shape));
      const into = { append: "table", upsert: "staging", replace: "aside" }[mode];
      assertEquals(plainInsert(plan.write, shape) as unknown, { into, ordinal: mode === "upsert" });
    }
  }
});

for (const [name, columns] of Object.entries(SAMPLE_COLUMNS)) {
  for (const mode of WRITE_MODES) {
    if (mode === "upsert" && !columns.some((c) => c.key)) continue;
    Deno.test(`postgresql plan of ${mode} for ${name} puts every row where it belongs`, () =>
      withDatabase(async (_url, sql) => {
        const target = await Target.prepared(sampleShape(columns, mode), sql);
        await target.write(range(0, 250));
        await target.finish();
        assertEquals(await target.rows(), expected(columns, range(0, 250)));
      }));
  }
}

Deno.test("postgresql plan fits into a statement, however wide the table", async () => {
  const columns = Array.from({ length: 1_600 }, (_, i): Column => ({
    name: `c${i}`,
    type: "float64",
    nullable: false,
    key: i === 0,
  }));
  for (const mode of WRITE_MODES) {
    await askPlugin(plugin, (p) => p.plan(sampleShape(columns, mode)));
  }
});

Deno.test("postgresql plan of upsert lets the last row of a key win and counts it once", () =>
  withDatabase(async (_url, sql) => {
    const target = await Target.prepared(
      sampleShape(SAMPLE_COLUMNS["a composite key"]!, "upsert"),
      sql,
    );
    assertEquals(await target.write([0, 1, 2]), 3);
    const merged = await target.write(
      [1, 1, 3],
      (column, row, position) => column.key ? sample(column, row) : `${position}`,
    );
    assertEquals(merged, 2);
    const notes = await sql.unsafe('SELECT note FROM "ta""ble" ORDER BY b');
    assertEquals(notes.map((r) => r.note), [null, "1", sampleText("text", 2), "2"]);
  }));

Deno.test("postgresql plan of upsert writes into a table that numbers its rows itself", () =>
  withDatabase(async (_url, sql) => {
    await sql.unsafe(
      'CREATE TABLE "ta""ble" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ' +
        "must text NOT NULL DEFAULT 'x', v text)",
    );
    const columns: Column[] = [
      { name: "id", type: "int64", nullable: false, key: true },
      { name: "v", type: "text", nullable: true, key: false },
    ];
    for (const mode of WRITE_MODES) {
      const target = await Target.prepared(sampleShape(columns, mode), sql);
      await target.write(mode === "append" ? [1, 2] : [2, 3]);
      await target.finish();
      assertEquals(
        await target.rows(),
        expected(columns, mode === "upsert" ? [1, 2, 3] : mode === "append" ? [1, 2] : [2, 3]),
      );
    }
  }));

Deno.test("postgresql plan of replace keeps the old rows until it is finished, and what hangs on the table", () =>
  withDatabase(async (_url, sql) => {
    const columns = SAMPLE_COLUMNS["one key"]!;
    const first = await Target.prepared(sampleShape(columns, "append"), sql);
    await first.write(range(0, 5));
    await sql.unsafe(
      'CREATE VIEW v AS SELECT * FROM "ta""ble"; CREATE INDEX i ON "ta""ble" (id DESC); ' +
        'GRANT SELECT ON "ta""ble" TO PUBLIC',
    ).simple();
    const second = await Target.prepared(sampleShape(columns, "replace"), sql);
    await second.write(range(3, 9));
    assertEquals(await second.rows(), expected(columns, range(0, 5)));
    await second.finish();
    assertEquals(await second.rows(), expected(columns, range(3, 9)));
    const [left] = await sql.unsafe(
      "SELECT (SELECT count(*)::int FROM v) AS viewed, " +
        "(SELECT count(*)::int FROM pg_indexes WHERE indexname = 'i') AS indexed, " +
        "has_table_privilege('pg_monitor', '\"ta\"\"ble\"', 'SELECT') AS granted, " +
        "(SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public') AS tables",
    );
    // The shadow table the driver drops.
    assertEquals({ ...left }, { viewed: 6, indexed: 1, granted: true, tables: 2 });
  }));

Deno.test("postgresql plan of replace leaves a table alone that another one refers to", () =>
  withDatabase(async (_url, sql) => {
    const columns = SAMPLE_COLUMNS["one key"]!;
    const first = await Target.prepared(sampleShape(columns, "append"), sql);
    await first.write(range(0, 5));
    await sql.unsafe('CREATE TABLE child (id bigint REFERENCES "ta""ble")');
    const second = await Target.prepared(sampleShape(columns, "replace"), sql);
    await second.write(range(3, 9));
    await assertRejects(() => second.finish(), Error, "foreign key");
    assertEquals(await second.rows(), expected(columns, range(0, 5)));
  }));

/** A plan that runs on a database as the driver would. */
class Target {
  readonly #shape: Shape;
  readonly #plan: Plan;
  readonly #sql: postgres.Sql;

  private constructor(shape: Shape, plan: Plan, sql: postgres.Sql) {
    this.#shape = shape;
    this.#plan = plan;
    this.#sql = sql;
  }

  static async prepared(shape: Shape, sql: postgres.Sql): Promise<Target> {
    await sql.unsafe("SET TIME ZONE UTC");
    const { plan } = await askPlugin(plugin, (p) => p.plan(shape));
    const target = new Target(shape, plan, sql);
    await target.#run(sql, [...plan.create, ...plan.prepare, ...plan.stage]);
    return target;
  }

  /** Writes a batch in one transaction; says how many rows its last statement took. */
  write(
    rows: readonly number[],
    value: (column: Column, row: number, position: number) => string | null = sample,
  ): Promise<number> {
    const { write, merge } = this.#plan;
    const { columns } = this.#shape;
    const insert = sentInsert({ write, shape: this.#shape });
    return this.#sql.begin(async (transaction) => {
      let count = 0;
      for (let at = 0; at < rows.length; at += insert.rowsMax) {
        const texts = rows.slice(at, at + insert.rowsMax).map((row, i) =>
          renderPlanned(insert.row, this.#shape, {
            placeholder: (bound) => {
              if (bound === "ordinal") return String(at + i);
              // A literal: of a parameter, the client library would make what it takes its type for.
              const cell = value(columns[bound]!, row, at + i);
              return cell === null ? "NULL" : `'${cell.replaceAll("'", "''")}'`;
            },
          })
        );
        const text = renderPlanned(insert.sql, this.#shape, { rows: texts.join(", ") });
        count += (await transaction.unsafe(text)).count;
      }
      return merge.length > 0 ? await this.#run(transaction, merge) : count;
    });
  }

  /** Finishes the load in one transaction. */
  async finish(): Promise<void> {
    await this.#sql.begin((transaction) => this.#run(transaction, this.#plan.finish));
  }

  /** The table's rows as text. */
  async rows(): Promise<unknown[][]> {
    const cells = this.#shape.columns.map((c) => `${quoted(c.name)}::text`).join(", ");
    const rows = await this.#sql.unsafe(`SELECT ${cells} FROM "ta""ble"`).values();
    return sorted([...rows].map((row) => [...row]));
  }

  async #run(sql: postgres.ISql, statements: readonly string[]): Promise<number> {
    let count = 0;
    for (const statement of statements) count = (await sql.unsafe(this.#render(statement))).count;
    return count;
  }

  #render(sql: string): string {
    return renderPlanned(sql, this.#shape);
  }
}

/** A value as text, the way it is also read back. */
function sample(column: Column, row: number): string | null {
  if (column.nullable && row % 7 === 0) return null;
  const text = sampleText(column.type, row);
  return column.type === "boolean" ? (text === "t" ? "true" : "false") : text;
}

function expected(columns: readonly Column[], rows: readonly number[]): unknown[][] {
  return sorted(rows.map((row) => columns.map((column) => sample(column, row))));
}

function sorted(rows: unknown[][]): unknown[][] {
  return rows.sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
