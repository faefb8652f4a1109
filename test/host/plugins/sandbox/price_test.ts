/** What fuel is taken for beside the number of instructions, and how many of each thing a module may have. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { LIMITS } from "../../../../src/model/limits.ts";
import { DecodeError } from "../../../../host/plugins/sandbox/byte_reader.ts";
import { decodeModule } from "../../../../host/plugins/sandbox/decode.ts";
import { FUEL_EXPORT, meterModule } from "../../../../host/plugins/sandbox/meter.ts";
import { moduleOf, vectorOf } from "../../../attack/module_attack.ts";
import { assemble } from "../../../support/wasm_text.ts";

const HEAD = `(import "extism:host/env" "load_u8" (func $load (param i64) (result i32)))
  (memory 1) (table $t 10 funcref) (global $g (mut i64) (i64.const 1))`;

/** What one call of a function with this body takes. */
function costOf(body: string): number {
  const text = `(module ${HEAD} (func (export "f") (local f64) ${body}))`;
  const bytes = meterModule(decodeModule(assemble(text, { reference_types: true })));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    "extism:host/env": { load_u8: () => 0 },
  });
  const fuel = exports[FUEL_EXPORT] as WebAssembly.Global;
  fuel.value = 1_000_000n;
  (exports["f"] as () => void)();
  return 1_000_000 - Number(fuel.value);
}

/** Bodies, and how much more the first costs than the second. */
const PRICES: readonly (readonly [what: string, dear: string, cheap: string, more: number])[] = [
  [
    "a division",
    "(global.set $g (i64.div_u (global.get $g) (i64.const 3)))",
    "(global.set $g (i64.add (global.get $g) (i64.const 3)))",
    19,
  ],
  [
    "a product of fractions",
    "(local.set 0 (f64.mul (local.get 0) (f64.const 3)))",
    "(local.set 0 (f64.copysign (local.get 0) (f64.const 3)))",
    0,
  ],
  ["a root", "(local.set 0 (f64.sqrt (local.get 0)))", "(local.set 0 (local.get 0))", 20],
  [
    "a way out of many",
    "(block (br_table 0 0 (i32.const 0)))",
    "(block (drop (i32.const 0)))",
    20,
  ],
  ["reading a table", "(drop (table.get $t (i32.const 0)))", "(drop (i32.const 0))", 10],
  [
    "setting a table",
    "(table.set $t (i32.const 0) (ref.null func))",
    "(drop (i32.const 0)) (drop (ref.null func))",
    48,
  ],
  ["growing memory", "(drop (memory.grow (i32.const 0)))", "(drop (i32.const 0))", 10_001],
  [
    "filling a table by its elements",
    "(table.fill $t (i32.const 0) (ref.null func) (i32.const 10))",
    "(table.fill $t (i32.const 0) (ref.null func) (i32.const 0))",
    500,
  ],
  ["moving a byte", "(drop (call $load (i64.const 0)))", "(drop (i64.const 0))", 51],
];

for (const [what, dear, cheap, more] of PRICES) {
  Deno.test(`meter takes what ${what} costs`, () => {
    assertEquals(costOf(dear) - costOf(cheap), more);
  });
}

/** A type without parameters. */
const TYPE = [0x60, 0, 0];
/** Modules of so many things; the most that are let in. */
const COUNTS:
  readonly (readonly [what: string, most: number, of: (count: number) => Uint8Array])[] = [
    ["types", LIMITS.typesMax, (n) => moduleOf([1, vectorOf(n, TYPE)])],
    [
      "imports",
      LIMITS.importsMax,
      (n) => moduleOf([1, vectorOf(1, TYPE)], [2, vectorOf(n, [0, 0, 0, 0])]),
    ],
    ["tables", LIMITS.tablesMax, (n) => moduleOf([4, vectorOf(n, [0x70, 0, 1])])],
    ["table elements", LIMITS.tableElementsMax, (n) => assemble(`(module (table ${n} funcref))`)],
    ["pages", LIMITS.guestPagesMax, (n) => assemble(`(module (memory ${n}))`)],
    ["memories", 1, (n) => moduleOf([5, vectorOf(n, [0, 1])])],
    ["globals", LIMITS.globalsMax, (n) => moduleOf([6, vectorOf(n, [0x7f, 0, 0x41, 0, 0x0b])])],
    [
      "exports",
      LIMITS.exportsMax,
      (n) => moduleOf([6, vectorOf(1, [0x7f, 0, 0x41, 0, 0x0b])], [7, vectorOf(n, [0, 3, 0])]),
    ],
    ["element segments", LIMITS.segmentsMax, (n) => moduleOf([9, vectorOf(n, [1, 0, 0])])],
    ["data segments", LIMITS.segmentsMax, (n) => moduleOf([11, vectorOf(n, [1, 0])])],
  ];

for (const [what, most, of] of COUNTS) {
  Deno.test(`decoder lets in as many ${what} as there may be, and no more`, () => {
    decodeModule(of(most));
    const error = assertThrows(() => decodeModule(of(most + 1)), DecodeError);
    assert(error.message.includes(String(most + 1)), error.message);
  });
}
