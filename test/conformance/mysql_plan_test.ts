/** The mysql plugin alone: what it says of itself, its plans, and what the driver's parser makes of plans. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadPlanVerifier } from "../../host/drivers/mysql/plan_verifier.ts";
import { SAMPLE_COLUMNS, sampleShape } from "../../host/plugins/check/sample_shape.ts";
import type { Plan } from "../../src/plugin_api/plan.ts";
import { type Column, type Shape, WRITE_MODES, type WriteMode } from "../../src/model/batch.ts";
import { askPlugin, builtPlugin } from "../support/built_plugin.ts";

const plugin = await builtPlugin("mysql");

Deno.test("mysql plugin answers to its schemes and plans for its driver", () => {
  const { name, backend, driver, schemes, capabilities } = plugin.manifest;
  assertEquals([name, backend, driver, [...schemes]], [
    ...["mysql", "mysql", "mysql"],
    ["mysql", "mariadb"],
  ]);
  assertEquals([...capabilities.modes], [...WRITE_MODES]);
  assert(!plugin.imports.includes("batch_column_name"));
});

Deno.test("mysql plugin opens a session as its settings say", async () => {
  const session = (given: Record<string, unknown>) => askPlugin(plugin, (p) => p.session(), given);
  assertEquals([...await session({})], ["SET SESSION innodb_lock_wait_timeout = 50"]);
  assertEquals([...await session({ lockWaitSeconds: 600 })], [
    "SET SESSION innodb_lock_wait_timeout = 600",
  ]);
});

Deno.test("mysql plugin judges its health by answer and latency", async () => {
  assertEquals(await askPlugin(plugin, (p) => p.healthProbe()), "SELECT 1");
  const judge = (latencyMs: number, text: string) =>
    askPlugin(plugin, (p) => p.judgeHealth({ latencyMs, text }), { degradedAfterMs: 50 });
  assertEquals(await judge(50, "1"), "healthy");
  assertEquals(await judge(51, "1"), "degraded");
  assertEquals(await judge(1, "0"), "unhealthy");
});

Deno.test("mysql plugin classifies codes that the driver does not know", async () => {
  const classify = (code: string) => askPlugin(plugin, (p) => p.classify(code));
  assertEquals(await classify("ER_LOCK_NOWAIT"), "conflict");
  assertEquals(await classify("ER_WRONG_VALUE"), "data");
  assertEquals(await classify("PROTOCOL_SEQUENCE_TIMEOUT"), "unavailable");
  assertEquals(await classify("MARIADB_4000"), "unknown");
});

for (const [name, columns] of Object.entries(SAMPLE_COLUMNS)) {
  for (const mode of WRITE_MODES) {
    if (mode === "upsert" && !columns.some((c) => c.key)) continue;
    Deno.test(`mysql plan of ${mode} for ${name} passes the forms and the parser`, async () => {
      const { plan } = await askPlugin(plugin, (p) => p.plan(sampleShape(columns, mode)));
      assertEquals(plan.create.length, 1);
      assertEquals([plan.prepare.length, plan.finish.length], mode === "replace" ? [1, 2] : [0, 0]);
    });
  }
}

Deno.test("mysql plan gives the texts of a key lengths that fit together", async () => {
  const lengths = async (columns: readonly Column[]) => {
    const { plan } = await askPlugin(plugin, (p) => p.plan(sampleShape(columns, "upsert")));
    return [...plan.create[0]!.matchAll(/VARCHAR\((\d+)\)|VARBINARY\((\d+)\)/g)]
      .map(([, characters, bytes]) => Number(characters ?? 0) * 4 + Number(bytes ?? 0));
  };
  const key = (name: string, type: Column["type"]): Column => ({
    ...{ name, type, nullable: false, key: true },
  });
  assertEquals(await lengths([key("a", "text")]), [3000]);
  assertEquals(await lengths([key("a", "text"), key("b", "bytes"), key("c", "int64")]), [
    1480,
    1482,
  ]);
});

const COLUMNS: readonly Column[] = [
  { name: "id", type: "int64", nullable: false, key: true },
  { name: "a", type: "text", nullable: true, key: false },
  { name: "b", type: "text", nullable: true, key: false },
];

function shape(mode: WriteMode): Shape {
  return { table: { name: "t" }, columns: COLUMNS, mode };
}

const INSERT = "INSERT INTO {table} ({columns}) VALUES {rows}";
const KEY = "PRIMARY KEY ({keys})";

/** What the parser alone is to refuse, whatever the forms say of it. */
const HOSTILE: readonly (readonly [mode: WriteMode, changes: Partial<Plan>, at: string])[] = [
  ["append", { write: write(INSERT.replace("INSERT", "INSERT IGNORE")) }, "insert.sql"],
  ["append", { write: write(INSERT.replace("INSERT", "REPLACE")) }, "insert.sql"],
  ["append", { write: write(`${INSERT}; DELETE FROM {table}`) }, "insert.sql"],
  ["append", { write: write("INSERT INTO {aside} ({columns}) VALUES {rows}") }, "insert.sql"],
  ["append", { write: write(`${INSERT} ON DUPLICATE KEY UPDATE {col:1} = 1`) }, "insert.sql"],
  [
    "append",
    { write: write(INSERT, "({value:0}, {value:2}, {value:1}), (1, 2, 3)") },
    "insert.sql",
  ],
  ["append", { write: write(INSERT, "({value:0}, 1 + {value:1}, {value:2})") }, "insert.sql"],
  ["append", { finish: ["DELETE FROM {table}"] }, "finish[0]"],
  ["append", { merge: ["DELETE FROM {table}"] }, "merge[0]"],
  ["append", { stage: ["DROP TABLE {table}"] }, "stage[0]"],
  ["upsert", {
    write: write(
      `${INSERT} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:2}), {col:2} = VALUES({col:1})`,
    ),
  }, "insert.sql"],
  [
    "upsert",
    { write: write(`${INSERT} ON DUPLICATE KEY UPDATE {col:1} = VALUES({col:1})`) },
    "insert.sql",
  ],
  ["append", {
    create: [`CREATE TABLE {table} ({col:0} INT, {col:1} INT DEFAULT 5, {col:2} INT, ${KEY})`],
  }, "create[0]"],
  [
    "append",
    { create: [`CREATE TABLE {table} ({col:0} INT, {col:2} INT, {col:1} INT, ${KEY})`] },
    "create[0]",
  ],
  ["append", {
    create: [
      `CREATE TABLE {table} ({col:0} INT, {col:1} INT, {col:2} INT, ${KEY}, UNIQUE ({col:1}))`,
    ],
  }, "create[0]"],
  ["append", {
    create: [
      `CREATE TABLE {table} ({col:0} INT, {col:1} INT, {col:2} INT, ${KEY}) ENGINE = MyISAM`,
    ],
  }, "create[0]"],
  ["append", {
    create: [`CREATE TEMPORARY TABLE {table} ({col:0} INT, {col:1} INT, {col:2} INT, ${KEY})`],
  }, "create[0]"],
  ["append", { create: ["CREATE TABLE {table} AS SELECT 1"] }, "create[0]"],
  ["append", { create: ["DROP TABLE {table}"] }, "create[0]"],
];

function write(sql: string, row = "({values})"): Plan["write"] {
  return { sql, row, rowsMax: 10 };
}

for (const [mode, changes, at] of HOSTILE) {
  const [[phase, text]] = Object.entries(changes) as [[string, unknown]];
  Deno.test(`mysql: the parser refuses ${mode} with ${phase} ${JSON.stringify(text)}`, async () => {
    const grammar = await loadPlanVerifier();
    const plain: Plan = {
      ...{ create: [], prepare: [], stage: [], merge: [], finish: [] },
      batch: { rowsMax: 1, bytesMax: 1 },
      write: write(INSERT),
    };
    assertEquals(await grammar.refusalOf(plain, shape("append")), undefined);
    const refusal = await grammar.refusalOf({ ...plain, ...changes }, shape(mode));
    assertEquals(refusal?.at, at);
    assertStringIncludes(refusal!.why, " ");
  });
}
