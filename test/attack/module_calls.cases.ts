/** Modules that call the functions of the host with what these do not expect, or when it is not their turn. */
import type { ModuleCase } from "./module_case.ts";
import { PLAN, pluginThat, pluginThatDoes, PROBE } from "./module_attack.ts";
import type { SamplePlugin } from "../support/wasm_text.ts";

const NO_BLOCK = "a handle of no block";
/** Names of settings that every object has, and of the driver's. */
const ODD_NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "url",
  "authToken",
  "",
];

/** What a function of the host takes for a violation, as the module plans. */
function violating(
  name: string,
  { what, body, says, harm, engine, ...change }: SamplePlugin & {
    readonly what: string;
    readonly body: string;
    readonly says: string;
    readonly engine?: string;
    readonly harm: ModuleCase["harm"];
  },
): ModuleCase {
  return {
    name,
    what,
    bytes: () => pluginThatDoes(body, change),
    stopped: "load",
    code: "plugin_violation",
    refused: { host_functions: says, ...(engine === undefined ? {} : { engine }) },
    harm,
  };
}

/** What the output of a manifest is refused for. */
function answering(
  name: string,
  { what, manifest, says, ...rest }:
    & Pick<ModuleCase, "what" | "harm">
    & { readonly manifest: string; readonly says: string; readonly engine?: string },
): ModuleCase {
  const { harm, engine } = rest;
  return {
    name,
    what,
    bytes: () => pluginThat({ exports: { manifest: `${manifest} (i32.const 0)` } }),
    stopped: "folder",
    code: "plugin_violation",
    refused: { host_functions: says, ...(engine === undefined ? {} : { engine }) },
    harm,
  };
}

export const cases: readonly ModuleCase[] = [
  violating("handle of nothing", {
    what: "No handle at all.",
    body: "(call $sql_prepare (i64.const 0))",
    says: NO_BLOCK,
    harm: ["plan"],
  }),
  violating("handle that was never given", {
    what: "Guesses a handle.",
    body: "(call $sql_prepare (i64.const 0x00ff000000000000))",
    says: NO_BLOCK,
    harm: ["plan"],
  }),
  violating("handle that is forged", {
    what: "A handle of all ones.",
    body: "(call $sql_prepare (i64.const -1))",
    says: "a handle that points into the middle of a block",
    harm: ["plan"],
  }),
  violating("handle into a block", {
    what: "A handle that points behind a block's start.",
    body: "(call $sql_prepare (i64.add (call $text (i32.const 1)) (i64.const 1)))",
    says: "a handle that points into the middle of a block",
    harm: ["plan"],
  }),
  violating("handle of a freed block", {
    what: "Uses a block that it has given back.",
    body: `(local.set $h (call $text (i32.const 1)))
      (call $free (local.get $h)) (call $sql_prepare (local.get $h))`,
    says: NO_BLOCK,
    harm: ["plan"],
  }),
  violating("handle freed ahead", {
    what:
      "Gives the last handle back before it was given, so that the next ones come out negative.",
    body:
      `(call $free (i64.const 0x7fff000000000000)) (call $sql_prepare (call $alloc (i64.const 1)))`,
    says: NO_BLOCK,
    harm: ["plan"],
  }),
  {
    ...violating("handles freed without number", {
      what: "Gives back every handle that there could be.",
      body: frees(0),
      says: NO_BLOCK,
      harm: ["plan"],
    }),
    control: () => pluginThatDoes(frees(32_700)),
  },
  {
    name: "handle of the input",
    what: "Passes off what it was handed as a statement.",
    bytes: () => pluginThatDoes(`(call $sql_prepare (i64.const 0x0001000000000000))`),
    stopped: "load",
    code: "plan_refused",
    refused: { plan: "prepare.0: Expected" },
    harm: ["plan"],
  },
  {
    name: "read of no block",
    what: "Reads where nothing is.",
    bytes: () => pluginThatDoes("(drop (call $load_u64 (i64.const 0x7fff000000000000)))"),
    stopped: "load",
    code: "plugin_failed",
    refused: { engine: "Cannot convert undefined to a BigInt" },
    harm: { none: "engine" },
  },
  {
    name: "write beyond a block",
    what: "Writes behind a block's end.",
    bytes: () =>
      pluginThatDoes(
        "(call $store_u8 (i64.add (call $text (i32.const 1)) (i64.const 100000)) (i32.const 1))",
      ),
    stopped: "load",
    code: "plugin_failed",
    refused: { engine: "Offset is outside the bounds of the DataView" },
    harm: { none: "engine" },
  },
  violating("column before the first", {
    what: "Asks for the column before the first.",
    body: `(drop (call $batch_column_flags (i32.const -1)))`,
    capabilities: ["batch_column_flags"],
    says: "column -1 of 1",
    harm: ["error"],
  }),
  violating("column beyond the last", {
    what: "Asks for a column that is not there.",
    body: `(drop (call $batch_column_type (i32.const 0x7fffffff)))`,
    capabilities: ["batch_column_type"],
    says: "column 2147483647 of 1",
    harm: ["error"],
  }),
  violating("batch of less than nothing", {
    what: "Wants batches of minus two billion rows.",
    body: `(call $shape_batch (i32.const -2147483648) (i32.const -1))`,
    capabilities: ["shape_batch"],
    says: "shape_batch wants at least one row and one byte",
    harm: ["plan"],
  }),
  {
    name: "batch of all there is",
    what: "Wants batches of two billion rows, and gets those of the host.",
    bytes: () =>
      pluginThatDoes(`(call $shape_batch (i32.const 0x7fffffff) (i32.const 0x7fffffff))`, {
        capabilities: ["shape_batch"],
      }),
    stopped: "nowhere",
    refused: { planner: "the smaller of its batch and the host's is taken" },
    harm: ["plan"],
  },
  {
    name: "settings of odd names",
    what:
      "Asks for settings that every object has, or the driver, and is told that there are none.",
    bytes: () =>
      pluginThatDoes(
        ODD_NAMES.map((_, i) =>
          ["config_text", "config_number"].map((ask) =>
            `(if (i64.ne (call $${ask} (call $text (i32.const ${4 + i}))) (i64.const 0))
              (then (unreachable)))`
          ).join("")
        ).join(""),
        { texts: ODD_NAMES, capabilities: ["config_text", "config_number"] },
      ),
    stopped: "nowhere",
    refused: { host_functions: "config_text answers 0" },
    harm: ["error"],
  },
  violating("settings without number", {
    what: "Asks for a setting whose name has 60 kilobytes, for ever.",
    body: `(local.set $h (call $text (i32.const 4)))
      (loop $l (drop (call $config_text (local.get $h))) (br $l))`,
    texts: ["x".repeat(60_000)],
    capabilities: ["config_text"],
    says: "bytes of texts in one call",
    harm: ["time"],
  }),
  violating("errors without number", {
    what: "Changes its mind about its error, for ever.",
    body: `(local.set $h (call $alloc (i64.const 4096)))
      (loop $l (call $error_set (local.get $h)) (br $l))`,
    says: "bytes of texts in one call",
    harm: ["time"],
  }),
  violating("outputs without number", {
    what: "Sets a mebibyte as its output, for ever.",
    body: `(local.set $h (call $alloc (i64.const 1048576)))
      (loop $l (call $output_set (local.get $h) (i64.const 1048576)) (br $l))`,
    says: "bytes of texts in one call",
    harm: ["time"],
  }),
  violating("statements without number", {
    what: "Prepares for ever.",
    body: `(local.set $h (call $text (i32.const 4)))
      (loop $l (call $sql_prepare (local.get $h)) (br $l))`,
    texts: ["SELECT 1"],
    says: "more than 64 statements in one phase",
    harm: ["time"],
  }),
  violating("two writes", {
    what: "Plans to write the rows twice.",
    body: PLAN,
    says: "a second sql_insert",
    harm: ["plan"],
  }),
  violating("log line of a mebibyte", {
    what: "Writes a line of a mebibyte.",
    body: `(call $log_warn (call $alloc (i64.const 1048576)))`,
    says: "a text of 1048576 bytes, at most 4096",
    harm: ["log"],
  }),
  answering("output longer than its block", {
    what: "Says that its answer is longer than it is.",
    manifest: "(call $output_set (call $text (i32.const 0)) (i64.const 1000000))",
    says: "1000000 bytes of a block of",
    engine: "length longer than target block",
    harm: { none: "engine" },
  }),
  answering("output of less than nothing", {
    what: "Sets an output of minus one byte.",
    manifest: "(call $output_set (call $text (i32.const 0)) (i64.const -1))",
    says: "-1 bytes of a block of",
    harm: ["output"],
  }),
  answering("output of two mebibytes", {
    what: "Answers with more than anybody would read.",
    manifest: "(call $output_set (call $alloc (i64.const 2097152)) (i64.const 2097152))",
    says: "a text of 2097152 bytes, at most 1048576",
    harm: ["output"],
  }),
  answering("output that is no text", {
    what: "Answers with a byte that no text has.",
    manifest: `(local.set $h (call $alloc (i64.const 1)))
      (call $store_u8 (local.get $h) (i32.const 0xff))
      (call $output_set (local.get $h) (i64.const 1))`,
    says: "a text that is not UTF-8",
    harm: ["output"],
  }),
  {
    name: "health output of a mebibyte",
    what: "Judges its database with a mebibyte.",
    bytes: () =>
      pluginThat({
        exports: {
          health_check: `(if (i64.eqz (call $input_length)) (then ${PROBE} (return (i32.const 0))))
            (call $output_set (call $alloc (i64.const 1048576)) (i64.const 1048576)) (i32.const 0)`,
        },
      }),
    stopped: "health",
    refused: { planner: "judged its health with a word of its own" },
    harm: ["output"],
  },
  {
    name: "start that calls the host",
    what: "Asks the host before it was asked.",
    bytes: () =>
      pluginThat({
        fields: ["(func $begin (drop (call $alloc (i64.const 8))))", "(start $begin)"],
      }),
    stopped: "folder",
    code: "plugin_violation",
    refused: { host_functions: "alloc is called outside of an export" },
    harm: ["start"],
  },
  {
    name: "start that reads input",
    what: "Reads what it was handed, where it was handed nothing.",
    bytes: () => pluginThat({ fields: [`(func $f (drop (call $input_offset)))`, `(start $f)`] }),
    stopped: "folder",
    code: "plugin_failed",
    refused: { engine: "Cannot read properties of undefined" },
    harm: ["start"],
  },
  {
    name: "plan as it is asked for health",
    what: "Plans when it is not its turn.",
    bytes: () =>
      pluginThat({
        exports: { health_check: "(call $sql_prepare (call $text (i32.const 1))) (i32.const 0)" },
      }),
    stopped: "connect",
    code: "plugin_violation",
    refused: { host_functions: "sql_prepare is not to be called in health_check" },
    harm: ["plan"],
  },
  {
    name: "return code that says no",
    what: "Plans, and says that it has failed.",
    bytes: () => pluginThat({ exports: { write_batch: `${PLAN} (i32.const 7)` } }),
    stopped: "load",
    code: "plugin_failed",
    refused: { planner: "it returned 7" },
    harm: ["returned"],
  },
  {
    name: "plan of nothing",
    what: "Says that all is well, and plans nothing.",
    bytes: () => pluginThat({ exports: { write_batch: "(i32.const 0)" } }),
    stopped: "load",
    code: "plan_refused",
    refused: { planner: "writes nothing: sql_insert was not called" },
    harm: ["plan"],
  },
  {
    name: "plan that differs when asked again",
    what: "Plans honestly when it is first asked, and something more after that.",
    bytes: () =>
      pluginThat({
        fields: ["(global $asked (mut i32) (i32.const 0))"],
        exports: {
          write_batch:
            `(if (global.get $asked) (then (call $sql_prepare (call $text (i32.const 1)))))
            (global.set $asked (i32.const 1)) ${PLAN} (i32.const 0)`,
        },
      }),
    stopped: "load",
    code: "plugin_violation",
    refused: { planner: "it planned the same shape in two ways" },
    harm: ["plan"],
  },
  {
    name: "plan of many mebibytes",
    what:
      "Sixty thousand brackets, as often as statements may come: the host took 8 s to read that.",
    bytes: () =>
      pluginThatDoes(
        `(local.set $h (call $text (i32.const 4)))
        (loop $l (call $sql_prepare (local.get $h))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $l (i32.lt_u (local.get $i) (i32.const 30))))`,
        { texts: ["(".repeat(60_000)] },
      ),
    stopped: "load",
    code: "plan_refused",
    refused: { plan: "Expected at most 262144 bytes of statements" },
    harm: ["plan"],
  },
  {
    name: "rows of less than nothing",
    what: "Wants statements of minus one row.",
    bytes: () =>
      pluginThat({
        exports: {
          write_batch: `(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3))
            (i32.const -1)) (i32.const 0)`,
        },
      }),
    stopped: "load",
    code: "plan_refused",
    refused: { plan: "write.rowsMax" },
    harm: ["plan"],
  },
  {
    name: "copy into a file",
    what: "Plans a COPY for a database that has none.",
    bytes: () =>
      pluginThat({
        texts: ["COPY {table} ({columns}) FROM STDIN WITH ({rows})", "({values})"],
        exports: {
          write_batch: `(call $sql_insert (call $text (i32.const 4)) (call $text (i32.const 5))
            (i32.const 1)) (i32.const 0)`,
        },
      }),
    stopped: "load",
    code: "plan_refused",
    refused: { plan: "insert.sql: COPY stands where INSERT belongs" },
    harm: ["plan"],
  },
];

/** Gives back every handle from one on. */
function frees(first: number): string {
  return `(local.set $i (i32.const ${first}))
    (loop $l (call $free (i64.shl (i64.extend_i32_u (local.get $i)) (i64.const 48)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $l (i32.lt_u (local.get $i) (i32.const 32769))))`;
}
