/** Modules that ask for what no plugin is given, or export what is the host's. */
import { decodeModule } from "../../host/plugins/sandbox/decode.ts";
import { meterModule } from "../../host/plugins/sandbox/meter.ts";
import type { ModuleCase } from "./module_case.ts";
import {
  type CalledSignature,
  moduleWith,
  pluginThat,
  pluginThatCalls,
  pluginThatDoes,
} from "./module_attack.ts";
import type { SamplePlugin } from "../support/wasm_text.ts";

const UNKNOWN = "not a function that this host gives to plugins";
/** Asks for a block, which a host can see. */
const ACTS = "(drop (call $alloc (i64.const 8)))";

type Refused = Pick<ModuleCase, "what" | "bytes"> & { readonly says: string };

/** An import that is refused by its name, and would be answered by a host that gives whatever is asked for. */
function foreign(name: string, { says, ...rest }: Refused): ModuleCase {
  return {
    name,
    ...rest,
    stopped: "folder",
    code: "plugin_refused",
    refused: { interface: says },
    harm: ["imports"],
  };
}

/** A function that is refused by its name, and called. */
function foreignCall(
  name: string,
  { what, of: [module, called], says = UNKNOWN, ...signature }: CalledSignature & {
    readonly what: string;
    readonly of: readonly [module: string, name: string];
    readonly says?: string;
  },
): ModuleCase {
  return foreign(name, {
    what,
    says: `import ${module} ${called}: ${says}`,
    bytes: () => pluginThatCalls(module, called, signature),
  });
}

/** An export that some engines run by themselves. */
function selfStarting(name: string): ModuleCase {
  return {
    name: `export ${name}`,
    what: "Would be run by the engine, unasked.",
    bytes: () => pluginThat({ fields: [`(func (export "${name}") ${ACTS})`] }),
    stopped: "folder",
    code: "plugin_refused",
    refused: { interface: `export ${name}: reserved` },
    harm: ["start"],
  };
}

/** A plugin whose `connect` is missing, or another thing. */
function connectThat(
  name: string,
  { what, says, ...change }: SamplePlugin & { readonly what: string; readonly says: string },
): ModuleCase {
  return {
    name,
    what,
    bytes: () => pluginThat({ without: ["connect"], ...change }),
    stopped: "folder",
    code: "plugin_refused",
    refused: { interface: `export connect: ${says}` },
    harm: ["error"],
  };
}

/** Works for all that it exports. */
function harmless(
  name: string,
  { what, layer, none, bytes }: Pick<ModuleCase, "what" | "bytes"> & {
    readonly layer: ModuleCase["refused"];
    readonly none: string;
  },
): ModuleCase {
  return { name, what, bytes, stopped: "nowhere", refused: layer, harm: { none } };
}

const theft = () =>
  pluginThatDoes("(call $steal)", {
    fields: ["(func $steal (global.set 0 (i64.const 0x7fffffffffff)))"],
  });
const exportedTheft = () => pluginThat({ fields: [`(export "fuel" (global 0))`] });

export const cases: readonly ModuleCase[] = [
  foreignCall("import of a former function", {
    what: "Asks for a function that hosts of before had.",
    says: "it was built for version 1 of the contract between host and plugin",
    of: ["extism:host/user", "sql_copy"],
    params: ["i64", "i32", "i32"],
  }),
  foreign("import of a global", {
    what: "Wants a global of the host.",
    says: "a global cannot be imported",
    bytes: () => pluginThat({ imports: [`(import "extism:host/user" "g" (global (mut i64)))`] }),
  }),
  foreign("import of the counter", {
    what: "Wants the counter of its own fuel.",
    says: "a global cannot be imported",
    bytes: () =>
      pluginThat({
        imports: [`(import "extism:host/user" "_snakepipe_fuel" (global (mut i64)))`],
      }),
  }),
  foreign("import of a memory", {
    what: "Wants a memory of the host.",
    says: "a memory cannot be imported",
    bytes: () => moduleWith(`(import "extism:host/user" "m" (memory $m 1))`),
  }),
  foreign("import of a table", {
    what: "Wants a table of the host.",
    says: "a table cannot be imported",
    bytes: () => pluginThat({ imports: [`(import "extism:host/user" "t" (table 1 funcref))`] }),
  }),
  foreignCall("import of config", {
    what: "Wants settings that are not its own.",
    of: ["extism:host/env", "config_get"],
    params: ["i64"],
    results: ["i64"],
  }),
  foreignCall("import of vars", {
    what: "Wants to remember things from call to call.",
    of: ["extism:host/env", "var_set"],
    params: ["i64", "i64"],
  }),
  foreignCall("import of http", {
    what: "Wants the network.",
    of: ["extism:host/env", "http_request"],
    params: ["i64", "i64"],
    results: ["i64"],
  }),
  foreignCall("import of WASI", {
    what: "Wants to write files.",
    of: ["wasi_snapshot_preview1", "fd_write"],
    params: ["i32", "i32", "i32", "i32"],
    results: ["i32"],
  }),
  foreignCall("import of env", {
    what: "Asks another namespace.",
    of: ["env", "abort"],
    params: ["i32", "i32", "i32", "i32"],
  }),
  foreignCall("import of constructor", {
    what: "Asks for what a prototype would answer.",
    of: ["extism:host/user", "constructor"],
  }),
  foreignCall("import of __proto__", {
    what: "Asks for what a prototype would answer.",
    of: ["extism:host/user", "__proto__"],
  }),
  foreignCall("import of toString", {
    what: "Asks Extism's namespace for what a prototype would answer.",
    of: ["extism:host/env", "toString"],
    results: ["i64"],
  }),
  foreignCall("import that is not granted", {
    what: "Wants the names of columns, which nobody has granted.",
    says: "not granted to this plugin",
    of: ["extism:host/user", "batch_column_name"],
    params: ["i32"],
    results: ["i64"],
  }),
  {
    name: "import of another signature",
    what: "Calls the host for what it does not give: a number of 64 bits in place of one of 32.",
    bytes: () =>
      pluginThatCalls("extism:host/user", "batch_column_flags", {
        params: ["i32"],
        results: ["i64"],
      }),
    stopped: "folder",
    code: "plugin_refused",
    refused: { interface: "expected (i32) -> (i32)" },
    harm: ["error"],
  },
  selfStarting("hs_init"),
  selfStarting("_initialize"),
  selfStarting("_start"),
  {
    name: "export of the counter",
    what: "Has a counter of its own under the name of the host's.",
    bytes: () =>
      pluginThat({
        fields: [`(global (export "_snakepipe_fuel") (mut i64) (i64.const 0x7fffffffffffffff))`],
      }),
    stopped: "folder",
    code: "plugin_refused",
    refused: { interface: "export _snakepipe_fuel: reserved" },
    harm: ["counter"],
  },
  {
    name: "export of the start",
    what: "Has a function under a name of the host's, which runs before anything is asked.",
    bytes: () => pluginThat({ fields: [`(func (export "_snakepipe_start") ${ACTS})`] }),
    stopped: "folder",
    code: "plugin_refused",
    refused: { interface: "export _snakepipe_start: reserved" },
    harm: ["start"],
  },
  connectThat("export that is missing", { what: "Cannot be asked for sessions.", says: "missing" }),
  connectThat("export of another signature", {
    what: "Wants a number of 64 bits as it is called.",
    says: "expected () -> (i32)",
    fields: [`(func (export "connect") (param i64) (result i32) (i32.const 0))`],
  }),
  connectThat("export that is no function", {
    what: "Has a number where a function should be.",
    says: "expected () -> (i32)",
    fields: [`(global (export "connect") i32 (i32.const 0))`],
  }),
  {
    name: "theft of the counter",
    what: "Sets a global that it has not: the one that the host will add.",
    bytes: theft,
    control: () => meterModule(decodeModule(theft())),
    stopped: "folder",
    code: "plugin_unreadable",
    refused: { engine: "not a valid WebAssembly module" },
    harm: ["counter"],
  },
  {
    name: "theft of the counter by export",
    what: "Exports a global that it has not: the one that the host will add.",
    bytes: exportedTheft,
    control: () => meterModule(decodeModule(exportedTheft())),
    stopped: "folder",
    code: "plugin_unreadable",
    refused: { engine: "not a valid WebAssembly module" },
    harm: ["counter"],
  },
  harmless("export of a memory that is none", {
    what: "Exports a function as its memory.",
    layer: { host_functions: "nobody reads the plugin's memory" },
    none: "what is handed on lies in blocks: the host has no use for a plugin's own memory",
    bytes: () => {
      const bytes = pluginThat({ fields: [`(func (export "memorz") (param f64))`] });
      // The one that every plugin exports, and this one, change names.
      const latin1 = new TextDecoder("latin1").decode(bytes);
      const [own, other] = [latin1.indexOf("memory") + 5, latin1.indexOf("memorz") + 5];
      [bytes[own], bytes[other]] = [bytes[other]!, bytes[own]!];
      return bytes;
    },
  }),
  harmless("exports named like others", {
    what: "Exports globals and a table by names that hosts and linkers look for.",
    layer: { interface: "nobody looks for them" },
    none: "neither Extism's engine nor this host looks for any of these names",
    bytes: () =>
      pluginThat({
        fields: [
          `(global (export "__stack_pointer") (mut i32) (i32.const -1))`,
          `(global (export "__heap_base") (mut i32) (i32.const -1))`,
          `(global (export "extism_context") (mut i64) (i64.const -1))`,
          `(table (export "__indirect_function_table") 1 funcref)`,
        ],
      }),
  }),
  harmless("exports of long names", {
    what: "Nine hundred exports, each with a name of half a kilobyte.",
    layer: { decoder: "within its limits" },
    none: "as much as the limits let in, and it costs no more than others",
    bytes: () =>
      pluginThat({
        fields: Array.from(
          { length: 900 },
          (_, i) => `(export "${`e${i}`.padEnd(500, "x")}" (func $text))`,
        ),
      }),
  }),
  harmless("exports of odd names", {
    what: "Exports what objects have of their own, and its memory under a few more names.",
    layer: { interface: "its exports are listed in an object without a prototype" },
    none: "an engine's list of exports has no prototype either",
    bytes: () =>
      pluginThat({
        fields: [
          ...["__proto__", "constructor", "toString", "then", "length", "0", ""]
            .map((name) => `(export "${name}" (func $text))`),
          `(export "memory2" (memory 0))`,
          `(export "hasOwnProperty" (memory 0))`,
        ],
      }),
  }),
];
