import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { CapabilityName } from "../../../../src/plugin_api/capability.ts";
import type { Shape } from "../../../../src/model/batch.ts";
import { LoadError } from "../../../../src/model/errors.ts";
import { Secret } from "../../../../src/model/secret.ts";
import { LIMITS } from "../../../../src/model/limits.ts";
import { NO_GRANTS } from "../../../../src/plan_policy/grant.ts";
import { admitPlugin } from "../../../../host/plugins/sandbox/plugin.ts";
import type { CallInput } from "../../../../host/plugins/sandbox/call.ts";
import type { Sandbox } from "../../../../host/plugins/sandbox/sandbox.ts";
import { type SamplePlugin, samplePlugin } from "../../../support/wasm_text.ts";

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
    (i32.const 0)`;
  const sandbox = await open({ exports: { write_batch: body } });
  for (let i = 0; i < 5; i++) await sandbox.call(PLAN);
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
