import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { CapabilityName } from "../../../../src/plugin_api/capability.ts";
import { type Shape, WRITE_MODES } from "../../../../src/model/batch.ts";
import { columnTypeNumber } from "../../../../src/model/column_type.ts";
import { LoadError } from "../../../../src/model/errors.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { LIMITS } from "../../../../src/model/limits.ts";
import { NO_GRANTS } from "../../../../src/plan_policy/grant.ts";
import { admitPlugin } from "../../../../host/plugins/sandbox/plugin.ts";
import type { CallInput } from "../../../../host/plugins/sandbox/call.ts";
import { Sandbox } from "../../../../host/plugins/sandbox/sandbox.ts";
import { assemble, type SamplePlugin, samplePlugin } from "../../../support/wasm_text.ts";

const SHAPE: Shape = {
  table: { name: "t" },
  columns: [{ name: "a", type: "int64", nullable: false, key: true }],
  mode: "append",
};
const PLAN: CallInput = { phase: "write_batch", settings: {}, shape: SHAPE };
const ALL: readonly CapabilityName[] = [
  "batch_column_count",
  "batch_column_type",
  "batch_column_flags",
  "batch_mode",
  "shape_batch",
  "sql_session",
  "sql_prepare",
  "sql_insert",
  "config_text",
];

/** Functions of a plan that are not among these. */
const NEW = {
  create: ["sql_create"],
  prepare: [],
  stage: ["sql_stage"],
  merge: ["sql_merge"],
  finish: ["sql_finish"],
} as const;

async function open(sample: SamplePlugin, log: string[] = []): Promise<Sandbox> {
  const plugin = await admitPlugin(samplePlugin({ capabilities: ALL, ...sample }), {
    file: "x.wasm",
    grants: NO_GRANTS,
  });
  return await plugin.open((level, line) => log.push(`${level} ${line}`));
}

async function failing(body: string, texts: string[] = [], input = PLAN): Promise<LoadError> {
  const sandbox = await open({ exports: { [input.phase]: body }, texts });
  const error: LoadError = await assertRejects(() => sandbox.call(input), LoadError);
  assertEquals(sandbox.usable, false, "an instance that failed is not called again");
  await assertRejects(() => sandbox.call(input), LoadError, "cannot be called any more");
  return error;
}

Deno.test("sandbox hands out what a plugin said in a call", async () => {
  const sandbox = await open({
    texts: ["CREATE {table}", "ü → €"],
    exports: {
      write_batch: `(call $sql_prepare (call $text (i32.const 1)))
        (call $shape_batch (i32.const 7) (i32.const 8))
        (call $output_set (call $text (i32.const 2)) (call $length_of (i32.const 2)))
        (i32.const 0)`,
    },
  });
  const { draft, output } = await sandbox.call(PLAN);
  assertEquals(draft.prepare, ["CREATE {table}"]);
  assertEquals(draft.batch, { rowsMax: 7, bytesMax: 8 });
  assertEquals(output, "ü → €");
});

Deno.test("sandbox hands out where rows go", async () => {
  const body =
    `(call $sql_insert (call $text (i32.const 1)) (call $text (i32.const 2)) (i32.const 7))
    (i32.const 0)`;
  const texts = ["INSERT INTO {staging} VALUES {rows}", "({values}, {ordinal})"];
  const sandbox = await open({ texts, exports: { write_batch: body } });
  const { draft } = await sandbox.call(PLAN);
  assertEquals(draft.write, { sql: texts[0]!, row: texts[1]!, rowsMax: 7 });
});

Deno.test("sandbox starts every call with empty blocks, so that a plugin can be called for ever", async () => {
  // 20,000 blocks a call: without a reset in between, the second call would be over the quota.
  const body = `(loop $again
      (drop (call $alloc (i64.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 20000))))
    (call $sql_prepare (call $text (i32.const 1))) (i32.const 0)`;
  const sandbox = await open({ exports: { write_batch: body }, texts: ["read"] });
  // Without it, handles would mean other blocks soon.
  for (let i = 0; i < 5; i++) assertEquals((await sandbox.call(PLAN)).draft.prepare, ["read"]);
  assertEquals(sandbox.usable, true);
});

Deno.test("sandbox ends a call that takes too many blocks, loudly", async () => {
  const error = await failing(
    `(loop $again (drop (call $alloc (i64.const 1))) (br $again)) (i32.const 0)`,
  );
  assertEquals(error.code, "plugin_violation");
  assertStringIncludes(error.message, String(LIMITS.blocksPerCallMax));
});

Deno.test("sandbox ends a call that takes too many bytes", async () => {
  for (
    const body of [
      `(drop (call $alloc (i64.const 99999999))) (i32.const 0)`,
      `(drop (call $alloc (i64.const -1))) (i32.const 0)`,
      `(loop $again (drop (call $alloc (i64.const 1048576))) (br $again)) (i32.const 0)`,
    ]
  ) {
    assertEquals((await failing(body)).code, "plugin_violation");
  }
});

Deno.test("sandbox takes a return code that is not zero as a failure", async () => {
  const error = await failing("(i32.const 3)");
  assertEquals(error.code, "plugin_failed");
  assertStringIncludes(error.message, "returned 3");
});

Deno.test("sandbox takes an error that the plugin set as a failure, with its escapes visible", async () => {
  const error = await failing("(call $error_set (call $text (i32.const 1))) (i32.const 0)", [
    "bad \x1b[31mnews",
  ]);
  assertEquals(error.code, "plugin_failed");
  assertStringIncludes(error.message, "bad \\u{1b}[31mnews");
});

Deno.test("sandbox takes a trap as a failure", async () => {
  assertEquals((await failing("(unreachable)")).code, "plugin_failed");
});

Deno.test("sandbox gives every call its own fuel", async () => {
  const body = `(loop $again
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 8000000))))
    (i32.const 0)`;
  const sandbox = await open({ exports: { write_batch: body } });
  for (let i = 0; i < 3; i++) await sandbox.call(PLAN);
});

Deno.test("sandbox says no more of a plugin's error than fits", async () => {
  const error = await failing("(call $error_set (call $text (i32.const 1))) (i32.const 0)", [
    "x".repeat(4_000),
  ]);
  assertEquals(error.message.length < 600, true, `${error.message.length} characters`);
});

Deno.test("sandbox hands texts on whole, a byte order mark too", async () => {
  const sandbox = await open({
    texts: ["\ufeffSELECT 1"],
    exports: { write_batch: "(call $sql_prepare (call $text (i32.const 1))) (i32.const 0)" },
  });
  assertEquals((await sandbox.call(PLAN)).draft.prepare, ["\ufeffSELECT 1"]);
});

Deno.test("sandbox takes as many statements as a phase may have", async () => {
  const times = (count: number) =>
    `(loop $again (call $sql_prepare (call $text (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const ${count})))) (i32.const 0)`;
  const most = LIMITS.statementsPerPhaseMax;
  const sandbox = await open({ exports: { write_batch: times(most) }, texts: ["x"] });
  assertEquals((await sandbox.call(PLAN)).draft.prepare.length, most);
  assertEquals((await failing(times(most + 1), ["x"])).code, "plugin_violation");
});

Deno.test("sandbox counts blocks that it stores for a plugin", async () => {
  const error = await failing(
    `(local.set $h (call $text (i32.const 1)))
    (loop $again (drop (call $config_text (local.get $h))) (br $again)) (i32.const 0)`,
    ["a"],
    { ...PLAN, settings: { a: "" } },
  );
  assertStringIncludes(error.message, `more than ${LIMITS.blocksPerCallMax} blocks`);
});

Deno.test("sandbox keeps to a violation that the guest has caught, and hears no more of it", async () => {
  // No module with such an instruction is let in: this one comes by no door.
  const module = new WebAssembly.Module(assemble(
    `(module
      (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
      (import "extism:host/env" "log_warn" (func $log (param i64)))
      (global (export "_snakepipe_fuel") (mut i64) (i64.const 0))
      (func (export "write_batch") (result i32) (local i64)
        (local.set 0 (call $alloc (i64.const 1)))
        (try (do (drop (call $alloc (i64.const -1)))) (catch_all))
        (try (do (call $log (local.get 0))) (catch_all))
        (i32.const 0)))`,
    { exceptions: true },
  ));
  const log: string[] = [];
  const sandbox = await Sandbox.open(module, {
    name: "caught",
    imports: [],
    log: (_, line) => log.push(line),
  });
  const error: LoadError = await assertRejects(() => sandbox.call(PLAN), LoadError);
  assertEquals([error.code, log, sandbox.usable], ["plugin_violation", [], false]);
});

Deno.test("sandbox tells a plugin what comes, and notes what it says, each by its own function", async () => {
  const lists = ["create", "prepare", "stage", "merge", "finish"] as const;
  const digit = (call: string) =>
    `(call $store_u8 (i64.add (local.get $h) (i64.extend_i32_u (local.get $i)))
      (i32.add (i32.const 48) ${call}))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))`;
  const sandbox = await open({
    capabilities: [...ALL, "config_number", ...lists.flatMap((list) => NEW[list])],
    texts: [...lists, "yes"],
    exports: {
      write_batch: `(local.set $h (call $alloc (i64.const 6)))
        ${digit("(call $batch_column_count)")}
        ${digit("(call $batch_column_flags (i32.const 0))")}
        ${digit("(call $batch_column_flags (i32.const 1))")}
        ${digit("(call $batch_column_type (i32.const 1))")}
        ${digit("(call $batch_mode)")}
        ${digit("(i32.wrap_i64 (call $config_number (call $text (i32.const 6))))")}
        (call $output_set (local.get $h) (i64.const 6))
        ${
        lists.map((list, i) => `(call $sql_${list} (call $text (i32.const ${i + 1})))`).join("")
      } (i32.const 0)`,
    },
  });
  const columns = [
    { name: "a", type: "int64", nullable: true, key: false },
    { name: "b", type: "text", nullable: false, key: true },
  ] as const;
  const type = String(columnTypeNumber("text"));
  for (const [number, mode] of WRITE_MODES.entries()) {
    const shape: Shape = { table: { name: "t" }, columns, mode };
    const input: CallInput = { phase: "write_batch", settings: { yes: true }, shape };
    const { draft, output } = await sandbox.call(input);
    assertEquals(output, `212${type}${number}1`);
    for (const list of lists) assertEquals(draft[list], [list]);
  }
});

Deno.test("sandbox hands a code to be classified, and takes classes that there are", async () => {
  const classify = (number: number) =>
    open({
      capabilities: [...ALL, "error_code", "error_class"],
      exports: {
        classify_error: `(local.set $h (call $error_code))
          (call $output_set (local.get $h) (call $length (local.get $h)))
          (call $error_class (i32.const ${number})) (i32.const 0)`,
      },
    });
  const input: CallInput = { phase: "classify_error", settings: {}, errorCode: "40001" };
  for (const number of [0, 3]) {
    const { draft, output } = await (await classify(number)).call(input);
    assertEquals([draft.errorClass, output], [number, "40001"]);
  }
  for (const number of [-1, 4]) {
    const sandbox = await classify(number);
    const error: LoadError = await assertRejects(() => sandbox.call(input), LoadError);
    assertEquals(error.code, "plugin_violation");
  }
});

Deno.test("sandbox takes one health probe, and no second", async () => {
  const probe = "(call $sql_health (call $text (i32.const 1)))";
  const sandbox = await open({
    capabilities: [...ALL, "sql_health"],
    texts: ["SELECT 1"],
    exports: { health_check: `${probe} ${probe} (i32.const 0)` },
  });
  const calling = sandbox.call({ phase: "health_check", settings: {} });
  assertEquals((await assertRejects(() => calling, LoadError)).code, "plugin_violation");
});

const VIOLATIONS: readonly (readonly [string, string, string[]])[] = [
  [
    "a capability in the wrong phase",
    "(call $sql_session (call $text (i32.const 1))) (i32.const 0)",
    ["x"],
  ],
  ["a forged handle", "(call $sql_prepare (i64.const 0x0999000000000000)) (i32.const 0)", []],
  ["the null handle", "(call $sql_prepare (i64.const 0)) (i32.const 0)", []],
  [
    "a handle into a block",
    "(call $sql_prepare (i64.add (call $text (i32.const 1)) (i64.const 1))) (i32.const 0)",
    ["xyz"],
  ],
  [
    "a freed handle",
    "(local.set $h (call $text (i32.const 1))) (call $free (local.get $h)) (call $sql_prepare (local.get $h)) (i32.const 0)",
    ["x"],
  ],
  [
    "a column that is not there",
    "(drop (call $batch_column_type (i32.const 1))) (i32.const 0)",
    [],
  ],
  ["a negative column", "(drop (call $batch_column_flags (i32.const -1))) (i32.const 0)", []],
  ["a text with U+0000", "(call $sql_prepare (call $text (i32.const 1))) (i32.const 0)", ["a\0b"]],
  ["a batch of no rows", "(call $shape_batch (i32.const 0) (i32.const 1)) (i32.const 0)", []],
  [
    "output longer than its block",
    "(call $output_set (call $text (i32.const 1)) (i64.const 9)) (i32.const 0)",
    ["x"],
  ],
  ["a statement over its limit", "(call $sql_prepare (call $text (i32.const 1))) (i32.const 0)", [
    "x".repeat(LIMITS.statementBytesMax + 1),
  ]],
  [
    "a second write",
    "(call $sql_insert (call $text (i32.const 1)) (call $text (i32.const 1)) (i32.const 1)) (call $sql_insert (call $text (i32.const 1)) (call $text (i32.const 1)) (i32.const 1)) (i32.const 0)",
    ["x"],
  ],
  [
    "too many statements",
    "(loop $again (call $sql_prepare (call $text (i32.const 1))) (br $again)) (i32.const 0)",
    ["x"],
  ],
];
for (const [what, body, texts] of VIOLATIONS) {
  Deno.test(`sandbox takes ${what} as a violation`, async () => {
    assertEquals((await failing(body, texts)).code, "plugin_violation");
  });
}

Deno.test("sandbox takes text that is not UTF-8 as a violation", async () => {
  const error = await failing(
    `(local.set $h (call $alloc (i64.const 1))) (call $store_u8 (local.get $h) (i32.const 0xff))
     (call $sql_prepare (local.get $h)) (i32.const 0)`,
  );
  assertEquals(error.code, "plugin_violation");
});

Deno.test("sandbox shows a plugin its settings, and no secret", async () => {
  const echo = `(local.set $h (call $config_text (call $text (i32.const 1))))
    (if (i64.eqz (local.get $h)) (then (return (i32.const 0))))
    (call $output_set (local.get $h) (call $length (local.get $h))) (i32.const 0)`;
  const settings = { mode: "fast", password: new Secret("hunter2") };
  for (
    const [name, seen] of [["mode", "fast"], ["password", ""], ["__proto__", ""], [
      "missing",
      "",
    ]] as const
  ) {
    const sandbox = await open({ exports: { write_batch: echo }, texts: [name] });
    const { output } = await sandbox.call({ ...PLAN, settings });
    assertEquals(output, seen);
  }
});

Deno.test("sandbox bounds what a plugin logs, and makes escapes visible", async () => {
  const log: string[] = [];
  const body = `(loop $again
      (call $log_warn (call $text (i32.const 1)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 300))))
    (i32.const 0)`;
  const sandbox = await open({ exports: { write_batch: body }, texts: ["\x1b[2Jhello"] }, log);
  await sandbox.call(PLAN);
  assertEquals(log.length, LIMITS.logLinesPerCallMax);
  assertEquals(log[0], "warn \\u{1b}[2Jhello");
});

Deno.test("sandbox refuses a second call while one is under way", async () => {
  const sandbox = await open({});
  const first = sandbox.call(PLAN);
  const error: LoadError = await assertRejects(() => sandbox.call(PLAN), LoadError);
  assertEquals(error.code, "bug");
  await first;
});

Deno.test("sandbox hands the plugin a copy of its input", async () => {
  const body = `(call $store_u8 (call $input_offset) (i32.const 0x21)) (i32.const 0)`;
  const sandbox = await open({ exports: { write_batch: body } });
  const input = new TextEncoder().encode("input");
  await sandbox.call(PLAN, input);
  assertEquals(new TextDecoder().decode(input), "input");
});
