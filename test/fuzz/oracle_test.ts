/** What the fuzzer looks with sees what it is there for. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeModule } from "../../host/plugins/sandbox/decode.ts";
import { meterModule } from "../../host/plugins/sandbox/meter.ts";
import { NO_GRANTS } from "../../src/plan_policy/grant.ts";
import { Random } from "../crash/random.ts";
import { assemble, samplePlugin } from "../support/wasm_text.ts";
import { sampleShape } from "../../host/plugins/check/sample_shape.ts";
import { missingCharges } from "./charge_check.ts";
import { chargeMax } from "./fuel_bound.ts";
import { authorityFaults } from "./module_authority.ts";
import { planCase } from "./plan_case.ts";
import { safeByWords } from "./plan_safety.ts";
import { planSeeds } from "./plan_seed.ts";
import { readSql } from "./sql_reading.ts";
import { cutModule, joinModule } from "./wasm_parts.ts";

const CHARGED = `(module (import "host" "call" (func $call)) (memory 1) (table $t 1 funcref)
  (global $count (mut i64) (i64.const 0))
  (func $f (param i32) (loop $l (br_if $l (local.get 0))) (call $call)
    (call_indirect $t (local.get 0)) (drop (memory.grow (i32.const 1)))
    (memory.fill (i32.const 0) (i32.const 0) (local.get 0))
    (table.copy $t $t (i32.const 0) (i32.const 0) (local.get 0))))`;

Deno.test("charges that are missing are told, each of them", () => {
  const bytes = assemble(CHARGED, { reference_types: true });
  assertEquals(missingCharges(bytes, meterModule(decodeModule(bytes))), []);
  const kinds = missingCharges(bytes, bytes).map((fault) => fault.replaceAll(/\d+/g, "#"));
  assertEquals(kinds, [
    "entry of function # is gone through for nothing",
    "loop at # of function # is gone through for nothing",
    "call at # of function # is run for nothing",
    "indirect at # of function # is run for nothing",
    "grow at # of function # is run for nothing",
    "bulk at # of function # is run for nothing",
    "bulk at # of function # is run for nothing",
    "function # pays # for # instructions",
  ]);
});

Deno.test("a fuelCost goes as far as the longest body, or as many items as a number can say", () => {
  const straight = (count: number) => assemble(`(module (func ${"(nop)".repeat(count)}))`);
  assertEquals(chargeMax(straight(1)), 10_000n);
  assertEquals(chargeMax(straight(10_000)), 1n + 25n * 10_002n);
  const fill = "(memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const -1)))";
  assertEquals(chargeMax(assemble(`(module ${fill})`)), 0xffff_ffffn / 8n);
});

Deno.test("what a module may not have is told as the engine sees it", () => {
  assertEquals(authorityFaults(samplePlugin(), NO_GRANTS), []);
  for (
    const [field, says] of [
      [`(import "extism:host/env" "http_request" (func))`, "http_request"],
      [`(import "extism:host/user" "batch_column_name" (func))`, "batch_column_name"],
      [`(import "extism:host/user" "constructor" (func))`, "constructor"],
      [`(import "extism:host/user" "sql_merge" (global i32))`, "sql_merge"],
      [`(func (export "_start"))`, "_start"],
      [`(global (export "_snakepipe_fuel") i64 (i64.const 0))`, "_snakepipe_fuel"],
    ] as const
  ) {
    const [fault] = authorityFaults(assemble(`(module ${field})`), NO_GRANTS);
    assertStringIncludes(fault ?? "", says);
  }
  assertStringIncludes(authorityFaults(Uint8Array.of(1), NO_GRANTS)[0]!, "no module");
});

Deno.test("modules are cut and joined without a change", () => {
  for (const bytes of [samplePlugin(), assemble(CHARGED, { reference_types: true })]) {
    assertEquals(joinModule(cutModule(bytes)), bytes);
  }
});

Deno.test("what goes out and is not one plain statement is told", () => {
  for (
    const sql of [
      ...["a; b", "a -- b", "a /* b", "'a'", "a$$b", "1a", "a\tb", "ü", "a\0", `1"a"`, `x"a"`],
      ...[`"a"b"`, `"a""b`, `"a" "b" "`, `"a""b"c`],
    ]
  ) {
    assertEquals(typeof readSql(sql), "string", sql);
  }
});

Deno.test("a plan that harms is told, whoever accepted it", async () => {
  const [seed] = await planSeeds();
  const { plan, family } = seed!;
  const shape = sampleShape([{ name: "v", type: "text", nullable: true, key: false }], "append");
  for (
    const [change, says] of [
      [{ stage: ["DROP TABLE {table}"] }, "it drops {table}"],
      [{ finish: ["DELETE FROM {table}"] }, "it empties {table}"],
      [{ finish: ["TRUNCATE {table}"] }, "it empties {table}"],
      [{ prepare: ["ALTER TABLE {table}"] }, "it begins with ALTER"],
      [{ merge: ["INSERT INTO other ({columns}) SELECT {columns} FROM {staging}"] }, "OTHER"],
      [{ merge: ["INSERT INTO {table} ({columns}) SELECT {keys} FROM {staging}"] }, "no keys"],
      [{ finish: ["INSERT INTO {table} SELECT 1 FROM {aside} WHERE 1"] }, "a condition"],
    ] as const
  ) {
    const harmful = { ...plan, ...change };
    const said = await safeByWords({ kind: "plan", family, plan: harmful, shape });
    assertStringIncludes(said ?? "", says);
  }
  assertEquals(await safeByWords({ kind: "plan", family, plan, shape }), undefined);
});

Deno.test("a plan verifier against an accepted plan is a finding", async () => {
  const world = { seeds: await planSeeds(), judge: () => "I think not" };
  let found = 0;
  for (let seed = 0; seed < 20; seed++) {
    const { findings, outcome } = await planCase(new Random(seed), world);
    assertEquals(findings, outcome.endsWith("accepted") ? ["I think not"] : []);
    found += findings.length;
  }
  assert(found > 0);
});
