/** The libsql plugin alone: what it says of itself, and its plans, run on SQLite itself. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Plan } from "../../src/plugin_api/plan.ts";
import { type Column, type Shape, WRITE_MODES } from "../../src/model/batch.ts";
import type { ColumnType } from "../../src/model/column_type.ts";
import { columnTypeOf } from "../../host/drivers/libsql/names_and_types.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/plugins/check/sample_shape.ts";
import { quoted, renderPlanned, sampleText } from "../support/plan_text.ts";

const plugin = await builtPlugin("libsql");

Deno.test("libsql plugin answers to its scheme and plans for its driver", () => {
  const { name, backend, driver, schemes, capabilities } = plugin.manifest;
  assertEquals([name, backend, driver, [...schemes]], [
    "libsql",
    "libsql",
    "libsql",
    ["libsql", "file", "https", "http", "wss", "ws"],
  ]);
  assertEquals([...capabilities.modes], [...WRITE_MODES]);
  assert(!plugin.imports.includes("batch_column_name"));
});

Deno.test("libsql plugin opens a session as its settings say", async () => {
  const session = (given: Record<string, unknown>) => askPlugin(plugin, (p) => p.session(), given);
  assertEquals([...await session({})], ["PRAGMA cache_size = -8192"]);
  assertEquals([...await session({ cacheMegabytes: 4096 })], ["PRAGMA cache_size = -4194304"]);
});

Deno.test("libsql plugin judges its health by answer and latency", async () => {
  assertEquals(await askPlugin(plugin, (p) => p.healthProbe()), "SELECT 1");
  const judge = (latencyMs: number, text: string) =>
    askPlugin(plugin, (p) => p.judgeHealth({ latencyMs, text }), { degradedAfterMs: 50 });
  assertEquals(await judge(50, "1"), "healthy");
  assertEquals(await judge(51, "1"), "degraded");
  assertEquals(await judge(1, 'not 1: "latencyMs":9 \\ \u0001 é'), "unhealthy");
});

Deno.test("libsql plugin classifies result codes by their family", async () => {
  const classify = (code: string) => askPlugin(plugin, (p) => p.classify(code));
  assertEquals(await classify("SQLITE_BUSY_SNAPSHOT"), "conflict");
  assertEquals(await classify("SQLITE_CONSTRAINT_UNIQUE"), "data");
  assertEquals(await classify("HRANA_WEBSOCKET_ERROR"), "unavailable");
  assertEquals(await classify("SQLITE_FULL"), "unknown");
});

for (const [name, columns] of Object.entries(SAMPLE_COLUMNS)) {
  for (const mode of WRITE_MODES) {
    if (mode === "upsert" && !columns.some((c) => c.key)) continue;
    Deno.test(`libsql plan of ${mode} for ${name} puts every row where it belongs`, async () => {
      const target = await Target.prepared(sampleShape(columns, mode));
      target.write(range(0, 250));
      target.finish();
      assertEquals(target.rows(), expected(columns, range(0, 250)));
    });
  }
}

Deno.test("libsql plan creates columns that the driver reads as what they were", async () => {
  const columns = SAMPLE_COLUMNS["every type"]!;
  const { database } = await Target.prepared(sampleShape(columns, "append"));
  const declared = database.prepare("SELECT name, type FROM pragma_table_xinfo('ta\"ble')").all();
  const wider: Partial<Record<ColumnType, ColumnType>> = {
    int16: "int64",
    int32: "int64",
    float32: "float64",
    other: "text",
  };
  assertEquals(
    declared.map((c) => [c.name, columnTypeOf(String(c.type))]),
    columns.map((c) => [c.name, wider[c.type] ?? c.type]),
  );
});

Deno.test("libsql plan keeps to the parameters of a statement, however wide the table", async () => {
  for (const width of [1, 2, 327, 328, 1_600]) {
    const columns = Array.from({ length: width }, (_, i): Column => ({
      name: `c${i}`,
      type: "int32",
      nullable: true,
      key: i === 0,
    }));
    for (const mode of WRITE_MODES) {
      const { plan } = await askPlugin(plugin, (p) => p.plan(sampleShape(columns, mode)));
      assertEquals(plan.write.rowsMax, Math.min(30, Math.floor(32_766 / width)));
    }
  }
});

Deno.test("libsql plan of upsert lets the last row of a key win", async () => {
  const columns = SAMPLE_COLUMNS["a composite key"]!;
  const target = await Target.prepared(sampleShape(columns, "upsert"));
  target.write([0, 1, 2]);
  target.write(
    [1, 1, 3],
    (column, row, position) => column.key ? sample(column, row) : `${position}`,
  );
  const notes = target.database.prepare('SELECT note FROM "ta""ble" ORDER BY b').all();
  assertEquals(notes.map((r) => r.note), [null, "1", sampleText("text", 2), "2"]);
});

Deno.test("libsql plan of replace keeps the old rows until it is finished, and what hangs on the table", async () => {
  const columns = SAMPLE_COLUMNS["one key"]!;
  const first = await Target.prepared(sampleShape(columns, "append"));
  first.write(range(0, 5));
  first.database.exec(
    'CREATE VIEW v AS SELECT * FROM "ta""ble"; CREATE INDEX i ON "ta""ble" (id DESC)',
  );
  const second = await Target.prepared(sampleShape(columns, "replace"), first.database);
  second.write(range(3, 9));
  assertEquals(second.rows(), expected(columns, range(0, 5)));
  second.finish();
  assertEquals(second.rows(), expected(columns, range(3, 9)));
  assertEquals(second.database.prepare("SELECT count(*) AS n FROM v").get(), { n: 6 });
  const left = second.database.prepare("SELECT name FROM sqlite_schema ORDER BY name").all();
  // The shadow table the driver drops.
  assertEquals(left.map((r) => r.name), ["_snakepipe_aside", "i", 'ta"ble', "v"]);
});

Deno.test("libsql plan of replace with a repeated key leaves the old rows in place", async () => {
  const columns = SAMPLE_COLUMNS["one key"]!;
  const first = await Target.prepared(sampleShape(columns, "append"));
  first.write(range(0, 5));
  const second = await Target.prepared(sampleShape(columns, "replace"), first.database);
  second.write([1, 1]);
  assertThrows(() => second.finish(), Error, "UNIQUE");
  assertEquals(second.rows(), expected(columns, range(0, 5)));
});

/** A database in memory, and a plan that runs on it as the driver would. */
class Target {
  readonly database: DatabaseSync;
  readonly #shape: Shape;
  readonly #plan: Plan;

  private constructor(shape: Shape, plan: Plan, database: DatabaseSync) {
    this.#shape = shape;
    this.#plan = plan;
    this.database = database;
  }

  static async prepared(shape: Shape, database = new DatabaseSync(":memory:")): Promise<Target> {
    const { plan } = await askPlugin(plugin, (p) => p.plan(shape));
    const target = new Target(shape, plan, database);
    target.#run([...plan.create, ...plan.prepare, ...plan.stage]);
    return target;
  }

  /** Writes a batch; every row must count. */
  write(
    rows: readonly number[],
    value = sample as (c: Column, row: number, position: number) => SQLInputValue,
  ): void {
    const write = this.#plan.write;
    for (let at = 0; at < rows.length; at += write.rowsMax) {
      const some = rows.slice(at, at + write.rowsMax);
      const row = this.#render(write.row);
      const statement = this.database.prepare(
        this.#render(write.sql, some.map(() => row).join(", ")),
      );
      const cells = some.flatMap((r, i) => this.#shape.columns.map((c) => value(c, r, i)));
      assertEquals(Number(statement.run(...cells).changes), some.length);
    }
    this.#run(this.#plan.merge);
  }

  /** Finishes the load in one transaction. */
  finish(): void {
    this.database.exec("BEGIN");
    try {
      this.#run(this.#plan.finish);
      this.database.exec("COMMIT");
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  /** The table's rows, in the order in which they came. */
  rows(): unknown[][] {
    const names = this.#shape.columns.map((c) => quoted(c.name));
    const statement = this.database.prepare(`SELECT ${names} FROM "ta""ble" ORDER BY rowid`);
    statement.setReadBigInts(true);
    const rows = statement.all().map((row) => Object.values(row));
    return rows.sort((a, b) => String(a) < String(b) ? -1 : 1);
  }

  #run(statements: readonly string[]): void {
    for (const statement of statements) this.database.exec(this.#render(statement));
  }

  #render(sql: string, rows?: string): string {
    return renderPlanned(
      sql,
      this.#shape,
      rows === undefined ? { placeholder: () => "?" } : { rows },
    );
  }
}

/** A value as the codec would bind it. */
function sample(column: Column, row: number): SQLInputValue {
  const text = sampleText(column.type, row);
  switch (column.type) {
    case "boolean":
      return text === "t" ? 1n : 0n;
    case "int16":
    case "int32":
    case "int64":
      return BigInt(text);
    case "float32":
    case "float64":
      return Number(text);
    case "bytes":
      return Uint8Array.from([0, 255, row % 256]);
    default:
      return column.nullable && row % 7 === 0 ? null : text;
  }
}

function expected(columns: readonly Column[], rows: readonly number[]): unknown[][] {
  return rows.map((row) => columns.map((column) => sample(column, row)))
    .sort((a, b) => String(a) < String(b) ? -1 : 1);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
