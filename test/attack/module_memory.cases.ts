/** Modules that take more memory, blocks, tables or stack than a plugin may have. */
import type { ModuleCase } from "./module_case.ts";
import {
  exported,
  functionOf,
  joined,
  leb,
  moduleWith,
  pluginThat,
  pluginThatDoes,
} from "./module_attack.ts";
import type { SamplePlugin } from "../support/wasm_text.ts";

/** How it ends where the stack does; engines differ in the words. */
const STACK = "stack";

/** What the engine itself stops: nothing of ours stands before it. */
function trapping(
  name: string,
  { what, says, body, ...change }: SamplePlugin & {
    readonly what: string;
    readonly says: string;
    readonly body: string;
  },
): ModuleCase {
  return {
    name,
    what,
    bytes: () => pluginThatDoes(body, change),
    stopped: "load",
    code: "plugin_failed",
    refused: { engine: says },
    harm: { none: "engine" },
  };
}

/** The same before anything was asked. */
function failingAtStart(
  name: string,
  { what, says, fields }: {
    readonly what: string;
    readonly says: string;
    readonly fields: readonly string[];
  },
): ModuleCase {
  return {
    name,
    what,
    bytes: () => pluginThat({ fields }),
    stopped: "folder",
    code: "plugin_failed",
    refused: { engine: says },
    harm: { none: "engine" },
  };
}

export const cases: readonly ModuleCase[] = [
  {
    name: "memory of four gibibytes",
    what: "Wants all the memory that there is.",
    bytes: () => moduleWith(`(memory (export "memory") 65536)`),
    stopped: "folder",
    code: "plugin_refused",
    refused: { decoder: "a memory of 65536 pages, at most 256" },
    harm: ["memory"],
  },
  {
    name: "memory that grows",
    what: "Asks for four gigabytes once it runs, and is told that there are none.",
    bytes: () =>
      pluginThatDoes(
        `(if (i32.ne (memory.grow (i32.const 60000)) (i32.const -1)) (then (unreachable)))`,
      ),
    stopped: "nowhere",
    refused: { extents: "memory.grow answers -1" },
    harm: ["memory"],
  },
  {
    name: "memory that grows by pages",
    what: "Takes page after page, and gets no more than it may have.",
    bytes: () =>
      pluginThatDoes(`(loop $l
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $l (i32.and (i32.ne (memory.grow (i32.const 1)) (i32.const -1))
            (i32.lt_u (local.get $i) (i32.const 1000)))))
        (if (i32.gt_u (local.get $i) (i32.const 256)) (then (unreachable)))`),
    stopped: "nowhere",
    refused: { extents: "memory.grow answers -1" },
    harm: ["memory"],
  },
  {
    name: "table of ten million",
    what: "Wants a table of 80 megabytes.",
    bytes: () => withTable(10_000_000),
    control: () => withTable(100_000),
    stopped: "folder",
    code: "plugin_refused",
    refused: { decoder: "a table of 10000000 elements, at most 10000" },
    harm: ["table"],
  },
  {
    name: "table that grows",
    what: "Asks for a large table once it runs, and is told that there is none.",
    bytes: () =>
      pluginThatDoes(
        `(if (i32.ne (table.grow $t (ref.null func) (i32.const 10000)) (i32.const -1))
          (then (unreachable)))`,
        { fields: [`(table $t (export "table") 1 funcref)`], features: { reference_types: true } },
      ),
    stopped: "nowhere",
    refused: { extents: "table.grow answers -1" },
    harm: ["table"],
  },
  {
    name: "block of a gibibyte",
    what: "Takes one block of a gibibyte.",
    bytes: () => pluginThatDoes("(drop (call $alloc (i64.const 1073741824)))"),
    stopped: "load",
    code: "plugin_violation",
    refused: { host_functions: "a block of 1073741824 bytes, at most 16777216" },
    harm: ["memory"],
  },
  {
    name: "block of less than nothing",
    what: "Takes a block of a negative size.",
    bytes: () => pluginThatDoes("(drop (call $alloc (i64.const -1)))"),
    stopped: "load",
    code: "plugin_violation",
    refused: { host_functions: "a block of -1 bytes", engine: "Invalid typed array length: -1" },
    harm: { none: "engine" },
  },
  {
    name: "blocks of many mebibytes",
    what: "Takes five blocks of four mebibytes.",
    bytes: () => pluginThatDoes(times(5, "(drop (call $alloc (i64.const 4194304)))")),
    stopped: "load",
    code: "plugin_violation",
    refused: { host_functions: "more than 16777216 bytes of blocks in one call" },
    harm: ["memory"],
  },
  {
    name: "blocks without number",
    what: "Takes block after block, until handles would mean others.",
    bytes: () => pluginThatDoes(times(33_000, "(drop (call $alloc (i64.const 1)))")),
    stopped: "load",
    code: "plugin_violation",
    refused: { host_functions: "more than 30000 blocks in one call" },
    harm: ["memory"],
  },
  trapping("recursion without end", {
    what: "Calls itself.",
    says: STACK,
    body: "(call $r)",
    fields: ["(func $r (call $r))"],
  }),
  trapping("recursion of two", {
    what: "Two functions that call each other.",
    says: STACK,
    body: "(call $a)",
    fields: ["(func $a (call $b))", "(func $b (call $a))"],
  }),
  trapping("recursion by table", {
    what: "Calls itself by way of a table.",
    says: STACK,
    body: "(call $r)",
    fields: ["(table funcref (elem $r))", "(func $r (call_indirect (i32.const 0)))"],
  }),
  trapping("references in a circle", {
    what: "Two functions that call each other by a table.",
    says: STACK,
    body: `(call_indirect (type $v) (i32.const 0))`,
    fields: [
      `(type $v (func))`,
      `(table funcref (elem $a $b))`,
      `(func $a (call_indirect (type $v) (i32.const 1)))`,
      `(func $b (call_indirect (type $v) (i32.const 0)))`,
    ],
  }),
  trapping("recursion with many locals", {
    what: "Calls itself with frames of 32 kilobytes.",
    says: STACK,
    body: "(call $r (i32.const 0))",
    fields: [
      `(func $r (param i32) (local ${"i64 ".repeat(4_000)})
        (local.set 4000 (i64.const 1)) (call $r (i32.const 1)))`,
    ],
  }),
  {
    name: "recursion through the host",
    what: "Calls the host in each frame, so that the stack may end within the host.",
    bytes: () =>
      pluginThatDoes(`(local.set $h (call $text (i32.const 4))) (call $r (local.get $h))`, {
        texts: ["x"],
        capabilities: ["config_text"],
        fields: [
          `(func $r (param i64) (drop (call $config_text (local.get 0))) (call $r (local.get 0)))`,
        ],
      }),
    stopped: "load",
    code: "plugin_violation",
    refused: { host_functions: "config_text", engine: STACK },
    harm: { none: "engine" },
  },
  trapping("reference of another type", {
    what: "Calls a function as one of another type.",
    says: "signature mismatch",
    body: `(call_indirect (type $v) (i32.const 0))`,
    fields: [`(type $v (func))`, `(table funcref (elem $a))`, `(func $a (param i32))`],
  }),
  trapping("reference to nothing", {
    what: "Calls what is not in its table.",
    says: "null function",
    body: `(call_indirect (type $v) (i32.const 0))`,
    fields: [`(type $v (func))`, `(table 1 funcref)`],
  }),
  trapping("trap", { what: "Gives up.", says: "unreachable", body: "(unreachable)" }),
  failingAtStart("data beyond memory", {
    what: "Data that would stand where there is no memory.",
    says: "out of bounds",
    fields: [`(data (i32.const 0x7fffffff) "x")`],
  }),
  failingAtStart("elements beyond table", {
    what: "Elements that would stand where there is no table.",
    says: "out of bounds",
    fields: ["(table 1 funcref)", "(elem (i32.const 5) $alloc)"],
  }),
  failingAtStart("start that calls by a table", {
    what: "Calls itself by its table before anybody has asked it anything.",
    says: STACK,
    fields: [
      `(table funcref (elem $spin))`,
      `(func $spin (call_indirect (i32.const 0)))`,
      `(start $spin)`,
    ],
  }),
];

function withTable(elements: number): Uint8Array<ArrayBuffer> {
  return functionOf([0, 0x0b], [4, joined([1, 0x70, 0], leb(elements))], exported(0, 1, "table"));
}

/** Something, so many times. */
function times(count: number, body: string): string {
  return `(loop $times ${body} (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $times (i32.lt_u (local.get $i) (i32.const ${count}))))`;
}
