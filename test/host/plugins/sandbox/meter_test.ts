/** Fuel: a metered module answers what it answered before, and ends. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { LIMITS } from "../../../../src/model/limits.ts";
import { decodeModule } from "../../../../host/plugins/sandbox/decode.ts";
import { FUEL_EXPORT, meterModule, START_EXPORT } from "../../../../host/plugins/sandbox/meter.ts";
import { buildCodec } from "../../../../tools/build_codec.ts";
import { buildPlugins } from "../../../../tools/build_plugins.ts";
import { assemble, type Features } from "../../../support/wasm_text.ts";

const ROOT = fromFileUrl(new URL("../../../..", import.meta.url));

interface Metered {
  readonly exports: Readonly<Record<string, (...args: unknown[]) => unknown>>;
  readonly fuel: WebAssembly.Global;
}

/** An instance of a metered module, with so much fuel. */
function metered(text: string, features: Features = {}, fuel = 1_000_000n): Metered {
  const module = new WebAssembly.Module(meterModule(decodeModule(assemble(text, features))));
  const { exports } = new WebAssembly.Instance(module, { host: { call: () => 1 } });
  const counter = exports[FUEL_EXPORT] as WebAssembly.Global;
  counter.value = fuel;
  return { exports: exports as Metered["exports"], fuel: counter };
}

/** What one call takes. */
function costOf(text: string, args: readonly unknown[] = [], features: Features = {}): number {
  const { exports, fuel } = metered(text, features);
  const before = fuel.value as bigint;
  exports.f!(...args);
  return Number(before - (fuel.value as bigint));
}

Deno.test("meter charges a function for its instructions, and a loop for each round", () => {
  const straight = (count: number) =>
    costOf(`(module (func (export "f") ${"(drop (i32.const 1))".repeat(count)}))`);
  assertEquals(straight(100) - straight(50), 100);
  const rounds = `(module (func (export "f") (param i32) (loop $l
    (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
    (br_if $l (local.get 0)))))`;
  const round = costOf(rounds, [2]) - costOf(rounds, [1]);
  assert(round >= 6 && round <= 10, `${round}`);
  assertEquals(costOf(rounds, [1_001]) - costOf(rounds, [1]), 1_000 * round);
});

Deno.test("meter charges for a call of the host, and of a table that may hold one", () => {
  const direct = costOf(
    `(module (import "host" "call" (func $h (result i32))) (func (export "f") (drop (call $h))))`,
  );
  const own = costOf(
    `(module (func $h (result i32) (i32.const 1)) (func (export "f") (drop (call $h))))`,
  );
  const indirect = costOf(`(module (type $t (func (result i32)))
    (func $h (result i32) (i32.const 1)) (table funcref (elem $h))
    (func (export "f") (drop (call_indirect (type $t) (i32.const 0)))))`);
  assert(direct >= 500 && indirect >= 500, `${direct}, ${indirect}`);
  assert(own < 20, `${own}`);
});

Deno.test("meter charges bulk instructions by their length, before they run", () => {
  const fill = `(module (memory 16)
    (func (export "f") (param i32) (memory.fill (i32.const 0) (i32.const 0) (local.get 0))))`;
  assertEquals(costOf(fill, [800_000]) - costOf(fill, [0]), 100_000);
  const { exports, fuel } = metered(fill, {}, 5_000n);
  assertThrows(() => exports.f!(-1), WebAssembly.RuntimeError, "unreachable");
  assert((fuel.value as bigint) < 0n);
});

Deno.test("meter leaves the value on the stack that a bulk instruction is charged by", () => {
  const { exports } = metered(`(module (memory (export "memory") 1) (data $d "abcdef")
    (func (export "f") (param i32) (result i32) (local i64 f32 i32)
      (memory.init $d (i32.const 8) (i32.const 1) (local.get 0))
      (memory.copy (i32.const 16) (i32.const 8) (local.get 0))
      (memory.fill (i32.const 24) (i32.const 7) (local.get 0))
      (i32.add (local.get 3) (i32.load8_u (i32.const 26)))))`);
  assertEquals(exports.f!(3), 7);
  const { memory } = exports as unknown as { memory: WebAssembly.Memory };
  const bytes = new Uint8Array(memory.buffer);
  assertEquals(new TextDecoder().decode(bytes.slice(16, 19)), "bcd");
  assertEquals([...bytes.slice(24, 28)], [7, 7, 7, 0]);
});

Deno.test("meter bounds memory and tables, whatever they say themselves", () => {
  const { exports } = metered(
    `(module (memory 1 65536) (table $t 1 funcref)
      (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "table") (param i32) (result i32) (table.grow $t (ref.null func) (local.get 0))))`,
    { reference_types: true },
    10_000_000n,
  );
  assertEquals(exports.memory!(LIMITS.guestPagesMax), -1);
  assertEquals(exports.memory!(LIMITS.guestPagesMax - 1), 1);
  assertEquals(exports.table!(LIMITS.tableElementsMax), -1);
  assertEquals(exports.table!(LIMITS.tableElementsMax - 1), 1);
});

Deno.test("meter has the host run the start function, and counts for nothing before", () => {
  const { exports, fuel } = metered(`(module (global $g (mut i32) (i32.const 0))
    (func $s (global.set $g (i32.const 5))) (start $s)
    (func (export "f") (result i32) (global.get $g)))`);
  assertEquals(exports.f!(), 0);
  exports[START_EXPORT]!();
  assertEquals(exports.f!(), 5);
  fuel.value = 0n;
  assertThrows(() => exports.f!(), WebAssembly.RuntimeError);
});

Deno.test("metered functions of every form of control give what they gave", () => {
  const text = `(module
    (func $collatz (param i32) (result i32) (local i32)
      (block $done (loop $l
        (br_if $done (i32.le_u (local.get 0) (i32.const 1)))
        (if (i32.and (local.get 0) (i32.const 1))
          (then (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.const 1))))
          (else (local.set 0 (i32.shr_u (local.get 0) (i32.const 1)))))
        (local.set 1 (i32.add (local.get 1) (i32.const 1)))
        (br $l)))
      (local.get 1))
    (func $pick (param i32) (result i32)
      (block $c (block $b (block $a (br_table $a $b $c (local.get 0)))
        (return (i32.const 10))) (return (call $collatz (i32.const 27))))
      (loop (result i32) (i32.add (i32.const 30) (local.get 0))))
    (func (export "f") (param i32) (result i32)
      (i32.add (call $collatz (local.get 0)) (call $pick (i32.rem_u (local.get 0) (i32.const 4)))))
  )`;
  const plain = new WebAssembly.Instance(new WebAssembly.Module(assemble(text)));
  const f = plain.exports.f as (n: number) => number;
  const { exports, fuel } = metered(text);
  for (let n = 1; n <= 10_000; n++) {
    fuel.value = 1_000_000n;
    assertEquals(exports.f!(n), f(n), String(n));
  }
});

Deno.test("meter keeps what plugins and codec of this repository export, and validates", async () => {
  const plugins = await buildPlugins();
  await buildCodec();
  for (
    const file of [
      ...plugins.map(({ name }) => `plugins/dist/${name}.wasm`),
      "host/codec/dist/codec.wasm",
    ]
  ) {
    const bytes = await Deno.readFile(join(ROOT, file));
    const rewritten = meterModule(decodeModule(bytes));
    assert(WebAssembly.validate(rewritten), file);
    const before = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
    const after = WebAssembly.Module.exports(new WebAssembly.Module(rewritten));
    const own = after.filter(({ name }) => !name.startsWith("_snakepipe_"));
    assertEquals(own, before, file);
    assert(rewritten.length < 2 * bytes.length, `${rewritten.length} of ${bytes.length} bytes`);
  }
});
