/** Modules that do not come to an end: fuel ends them, each for the dearest thing that a unit of it buys. */
import type { ModuleCase } from "./module_case.ts";
import { pluginThat, pluginThatDoes, PROBE } from "./module_attack.ts";
import type { SamplePlugin } from "../support/wasm_text.ts";

const EXHAUSTED = { fuel: "its fuel is used up" } as const;
const SPIN = "(loop $l (br $l)) (i32.const 0)";
const REFERENCES = { reference_types: true } as const;

/** What is no end to as it plans. */
function endless(
  name: string,
  { what, body, ...change }: SamplePlugin & { readonly what: string; readonly body: string },
): ModuleCase {
  return {
    name,
    what,
    bytes: () => pluginThatDoes(body, change),
    stopped: "load",
    code: "plugin_exhausted",
    refused: EXHAUSTED,
    harm: ["time"],
  };
}

/** What is no end to elsewhere. */
function elsewhere(
  name: string,
  { what, stopped, ...change }: SamplePlugin & Pick<ModuleCase, "what" | "stopped">,
): ModuleCase {
  return {
    name,
    what,
    bytes: () => pluginThat(change),
    stopped,
    ...(stopped === "health" ? {} : { code: "plugin_exhausted" }),
    refused: EXHAUSTED,
    harm: ["time"],
  };
}

export const cases: readonly ModuleCase[] = [
  elsewhere("spin in manifest", {
    what: "Never ends as it is asked what it is.",
    stopped: "folder",
    exports: { manifest: SPIN },
  }),
  elsewhere("spin in connect", {
    what: "Never ends as a backend of it is created.",
    stopped: "connect",
    exports: { connect: SPIN },
  }),
  elsewhere("spin in close", {
    what: "Never ends as it is asked how sessions end.",
    stopped: "connect",
    exports: { close: SPIN },
  }),
  elsewhere("spin in health probe", {
    what: "Never ends as it is asked what to probe.",
    stopped: "connect",
    exports: { health_check: SPIN },
  }),
  elsewhere("spin in health judgement", {
    what: "Names a probe, and never ends as it judges what that brought.",
    stopped: "health",
    exports: {
      health_check:
        `(if (i64.eqz (call $input_length)) (then ${PROBE} (return (i32.const 0)))) ${SPIN}`,
    },
  }),
  elsewhere("spin in start", {
    what: "Never ends before anybody has asked it anything.",
    stopped: "folder",
    fields: ["(func $spin (loop $l (br $l)))", "(start $spin)"],
  }),
  elsewhere("start that frees blocks", {
    what: "Gives blocks back that there are not, before anybody has asked it anything.",
    stopped: "folder",
    fields: [
      `(func $f (loop $l (call $free (i64.const 0x7fff000000000000)) (br $l)))`,
      `(start $f)`,
    ],
  }),
  endless("spin in write batch", { what: "Never ends as it plans.", body: "(loop $l (br $l))" }),
  endless("spin behind else", {
    what: "Goes round by the other branch of an if.",
    body: "(loop $l (if (i32.const 0) (then (nop)) (else (br $l))))",
  }),
  endless("spin by branch table", {
    what: "Goes back to the head of its loop by a table.",
    body: "(loop $l (br_table $l $l $l (i32.const 1)))",
  }),
  endless("spin in branch tables", {
    what: "Takes another one of nine thousand ways each time, so that no processor foresees it.",
    body: "(call $f (i32.const 0))",
    fields: [
      `(func $f (param i32) (loop $l
        (block (br_table ${"0 ".repeat(9_000)} (i32.and (local.get 0) (i32.const 8191))))
        (local.set 0 (i32.add (i32.mul (local.get 0) (i32.const 1103515245)) (i32.const 12345)))
        (br $l)))`,
    ],
  }),
  endless("spin in nested loops", {
    what: "Two loops, of which the inner one ends each time.",
    body: `(loop $outer
      (local.set $i (i32.const 0))
      (loop $inner
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $inner (i32.lt_u (local.get $i) (i32.const 1000))))
      (br $outer))`,
  }),
  endless("spin in loop with values", {
    what: "A loop that takes a value along.",
    body: "(i32.const 1) (loop $l (param i32) (result i32) (br $l)) (drop)",
  }),
  endless("spin in frames", {
    what: "Calls a function of four thousand vectors, for ever.",
    body: `(loop $l (call $f (i32.const 0)) (br $l))`,
    fields: [
      `(func $f (param i32) (local ${
        "v128 ".repeat(4_000)
      }) (if (local.get 0) (then (local.set 3999 (local.get 2)))))`,
    ],
    features: { simd: true },
  }),
  endless("calls that double", {
    what: "No loop, no recursion, and two to the power of sixty calls.",
    body: "(call $f0)",
    fields: [
      ...Array.from(
        { length: 60 },
        (_, i) => `(func $f${i} (call $f${i + 1}) (call $f${i + 1}))`,
      ),
      "(func $f60)",
    ],
  }),
  endless("fibonacci", {
    what: "A recursion that ends, in some thousand years.",
    body: "(drop (call $fib (i32.const 60)))",
    fields: [
      `(func $fib (param i32) (result i32)
        (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
          (else (i32.add
            (call $fib (i32.sub (local.get 0) (i32.const 1)))
            (call $fib (i32.sub (local.get 0) (i32.const 2)))))))`,
    ],
  }),
  endless("spin in denormal numbers", {
    what: "Multiplies numbers so small that the processor needs fifty times as long.",
    body: `(call $f (f64.const 0x1p-1060) (f64.const 0.9999999))`,
    fields: [
      `(func $f (param f64 f64) (local f64) (loop $l ${
        "(local.set 2 (f64.mul (local.get 0) (local.get 1)))".repeat(50)
      } (br $l)))`,
    ],
  }),
  endless("spin in divisions", {
    what: "Spends each unit of fuel on what takes the longest.",
    body: `(local.set $h (i64.const -1))
      (loop $l
        ${
      "(local.set $h (i64.div_u (i64.const -1) (i64.or (local.get $h) (i64.const 1))))\n".repeat(40)
    } (br $l))`,
  }),
  endless("spin in square roots", {
    what: "Draws the root of the root of the root, for ever.",
    body: `(call $f (f64.const 1e308))`,
    fields: [
      `(func $f (param f64) (loop $l (local.set 0 ${"(f64.sqrt ".repeat(100)}(local.get 0)${
        ")".repeat(100)
      }) (br $l)))`,
    ],
  }),
  endless("spin in host calls", {
    what: "Asks the host the same thing for ever.",
    body: "(loop $l (drop (call $batch_mode)) (br $l))",
  }),
  endless("spin in indirect host calls", {
    what: "Asks the host by way of a table.",
    body: "(loop $l (drop (call_indirect (type $t) (i32.const 0))) (br $l))",
    fields: ["(type $t (func (result i32)))", "(table funcref (elem $batch_mode))"],
  }),
  endless("spin in kernel calls", {
    what: "Asks the kernel the same thing for ever.",
    body: "(loop $l (drop (call $input_length)) (br $l))",
  }),
  endless("spin in logs", {
    what: "Writes log lines for ever.",
    body: `(local.set $h (call $text (i32.const 4)))
      (loop $l (call $log_warn (local.get $h)) (br $l))`,
    texts: ["line"],
  }),
  endless("spin in memory copy", {
    what: "Copies its memory for ever.",
    body: `(drop (memory.grow (i32.const 200)))
      (loop $l (memory.copy (i32.const 0) (i32.const 8) (i32.const 0xc00000)) (br $l))`,
  }),
  endless("spin in memory fill", {
    what: "Fills its memory for ever.",
    body: `(drop (memory.grow (i32.const 200)))
      (loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 0xc00000)) (br $l))`,
  }),
  endless("spin in memory init", {
    what: "Writes a block of data for ever.",
    body: `(loop $l (memory.init $block (i32.const 0) (i32.const 0) (i32.const 1000)) (br $l))`,
    fields: [`(data $block "${"x".repeat(1_000)}")`],
  }),
  endless("spin in memory grow", {
    what: "Asks for no memory for ever.",
    body: "(loop $l (drop (memory.grow (i32.const 0))) (br $l))",
  }),
  endless("spin in memory misses", {
    what: "Reads memory where no cache has it.",
    body: `(drop (memory.grow (i32.const 200)))
      (loop $l
        ${
      "(local.set $i (i32.and (i32.add (i32.mul (local.get $i) (i32.const 1664525)) (i32.const 1013904223)) (i32.const 0xbfffff)))(drop (i32.load8_u (local.get $i)))\n"
        .repeat(20)
    } (br $l))`,
  }),
  endless("spin in table copy", {
    what: "Moves a table for ever.",
    body: `(loop $l (table.copy (i32.const 0) (i32.const 1) (i32.const 9000)) (br $l))`,
    fields: ["(table $t 10000 funcref)"],
    features: REFERENCES,
  }),
  endless("spin in table fill", {
    what: "Empties a table for ever.",
    body: `(loop $l (table.fill $t (i32.const 0) (ref.null func) (i32.const 9000)) (br $l))`,
    fields: ["(table $t 10000 funcref)"],
    features: REFERENCES,
  }),
  endless("spin in table grow", {
    what: "Asks for a larger table for ever.",
    body: `(loop $l (drop (table.grow $t (ref.null func) (i32.const 1000000))) (br $l))`,
    fields: ["(table $t 1 funcref)"],
    features: REFERENCES,
  }),
  endless("spin in table init", {
    what: "Fills a table from a segment, for ever.",
    body: `(loop $l (table.init $e (i32.const 0) (i32.const 0) (i32.const 1000)) (br $l))`,
    fields: [`(table 1000 funcref)`, `(func $f)`, `(elem $e func ${"$f ".repeat(1_000)})`],
  }),
  endless("spin in table set", {
    what: "Sets an element of a table, again and again: each time the collector hears of it.",
    body: `(loop $l ${
      "(table.set $t (i32.const 1) (table.get $t (i32.const 0)))".repeat(50)
    } (br $l))`,
    fields: [`(table $t funcref (elem $f $g))`, `(func $f)`, `(func $g)`],
    features: REFERENCES,
  }),
];
