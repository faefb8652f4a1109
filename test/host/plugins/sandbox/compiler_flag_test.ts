/** What compilers make that no plugin may have: refused by its name, with the flag that avoids it. */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { vetModule } from "../../../../host/plugins/sandbox/vet.ts";
import { LoadError } from "../../../../src/model/errors.ts";
import { NO_GRANTS } from "../../../../src/plan_policy/grant.ts";
import { type Features, samplePlugin } from "../../../support/wasm_text.ts";

function refusal(sample: Parameters<typeof samplePlugin>[0]): string {
  const error: LoadError = assertThrows(
    () => vetModule(samplePlugin(sample), NO_GRANTS, "m.wasm"),
    LoadError,
  );
  assertEquals(error.code, "plugin_refused", error.message);
  return error.message;
}

const INSTRUCTIONS: readonly (readonly [name: string, body: string, flags: string, Features])[] = [
  [
    "i32.atomic.rmw.add",
    "(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))",
    "-mno-atomics",
    { threads: true },
  ],
  [
    "i64.atomic.load32_u",
    "(drop (i64.atomic.load32_u (i32.const 0)))",
    "--disable threads",
    { threads: true },
  ],
  [
    "memory.atomic.notify",
    "(drop (memory.atomic.notify (i32.const 0) (i32.const 1)))",
    "target-feature=-atomics",
    { threads: true },
  ],
  [
    "i64.atomic.rmw32.cmpxchg_u",
    "(drop (i64.atomic.rmw32.cmpxchg_u (i32.const 0) (i64.const 1) (i64.const 2)))",
    "-mno-atomics",
    { threads: true },
  ],
  ["return_call", "(return_call $helper)", "-mno-tail-call", { tail_call: true }],
  ["try", "(try (do (nop)) (catch_all (nop)))", "-fno-exceptions", { exceptions: true }],
];
for (const [name, body, flag, features] of INSTRUCTIONS) {
  Deno.test(`instruction ${name} is refused by its name, with the flag that avoids it`, () => {
    const message = refusal({
      fields: [
        "(func $helper (result i32) (i32.const 0))",
        `(func (result i32) ${body} (i32.const 0))`,
      ],
      features,
    });
    assertStringIncludes(message, `, ${name}: compile it without `);
    assertStringIncludes(message, flag);
  });
}

const IMPORTS: readonly (readonly [what: string, line: string, says: string])[] = [
  [
    "abort",
    '(import "env" "abort" (func $abort (param i32 i32 i32 i32)))',
    "import env abort: not a function that this host gives to plugins: compile it without abort of " +
    "AssemblyScript (AssemblyScript: --use abort=~lib/@snakepipe/kit/entry/abort",
  ],
  ["seed", '(import "env" "seed" (func $seed (result f64)))', "without Math.random"],
  ["console", '(import "env" "console.log" (func $log (param i32)))', "without trace and console"],
  ["what is not linked", '(import "env" "strlen" (func $strlen (param i32)))', "import_module"],
  [
    "WASI",
    '(import "wasi_snapshot_preview1" "fd_write" (func $w (param i32)))',
    "rustc: --target wasm32-unknown-unknown",
  ],
  [
    "a misspelt function",
    '(import "extism:host/user" "sql_inser" (func $x (param i64)))',
    "import extism:host/user sql_inser: not a function that this host gives to plugins, " +
    "did you mean sql_insert?",
  ],
  [
    "Extism's settings",
    '(import "extism:host/env" "config_get" (func $x (param i64) (result i64)))',
    "settings are read by config_text and config_number of extism:host/user",
  ],
  ["a memory", '(import "env" "memory" (memory $m 1))', "AssemblyScript: without --importMemory"],
  [
    "a global",
    '(import "env" "__stack_pointer" (global $g (mut i32)))',
    "clang: -fno-PIC, without -shared",
  ],
];
for (const [what, line, says] of IMPORTS) {
  Deno.test(`import of ${what} is refused with what to tell the compiler`, () => {
    const features = what === "a memory" ? { multi_memory: true } : {};
    assertStringIncludes(refusal({ imports: [line], features }), says);
  });
}
