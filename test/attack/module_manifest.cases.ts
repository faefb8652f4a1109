/** Modules that are in order, and whose manifest is not. */
import { LIMITS } from "../../src/model/limits.ts";
import { ABI_VERSION } from "../../src/plugin_api/version.ts";
import { MANIFEST } from "../support/wasm_text.ts";
import type { ModuleCase } from "./module_case.ts";
import { pluginThat } from "./module_attack.ts";

type Change = Readonly<Record<string, unknown>>;

/** A manifest with other members. */
function changed(change: Change): string {
  return JSON.stringify({ ...MANIFEST, ...change });
}

/** A manifest with one more member in front, as it stands. */
function headed(member: string): string {
  return `{${member},${JSON.stringify(MANIFEST).slice(1)}`;
}

/** Settings of a plugin. */
function settings(properties: Change): string {
  return changed({ config: { type: "object", properties } });
}

function refusedFor(
  name: string,
  { what, manifest, harm, ...layers }: Pick<ModuleCase, "what" | "harm"> & {
    readonly manifest: string;
    /** What reading it as JSON says, and what its schema says. */
    readonly text?: string;
    readonly schema?: string;
    readonly registry?: string;
  },
): ModuleCase {
  const { text, schema, registry } = layers;
  return {
    name,
    what,
    manifest,
    bytes: () => pluginThat({ manifest }),
    stopped: "folder",
    code: "plugin_manifest",
    refused: {
      ...(text === undefined ? {} : { manifest_text: text }),
      ...(schema === undefined ? {} : { manifest_schema: schema }),
      ...(registry === undefined ? {} : { registry }),
    },
    harm,
  };
}

const BILLIONS = 2 ** 31 - 1;
const TOO_MUCH = changed({
  capabilities: {
    ...MANIFEST.capabilities,
    limits: {
      parametersMax: BILLIONS,
      rowsPerStatementMax: BILLIONS,
      identifierBytesMax: BILLIONS,
    },
  },
});

export const cases: readonly ModuleCase[] = [
  {
    name: "manifest of nothing",
    what: "No manifest.",
    manifest: "",
    bytes: () => pluginThat({ exports: { manifest: "(i32.const 0)" } }),
    stopped: "folder",
    code: "plugin_manifest",
    refused: { manifest_text: "it is not JSON" },
    harm: { none: "no reader makes anything of it" },
  },
  refusedFor("manifest that is no JSON", {
    what: "A manifest that breaks off.",
    manifest: "{",
    text: "it is not JSON",
    harm: { none: "no reader makes anything of it" },
  }),
  refusedFor("manifest nested without end", {
    what: "Nests until whoever writes it down again is at the end of the stack.",
    manifest: headed(`"x":${"[".repeat(30_000)}${"]".repeat(30_000)}`),
    text: "it is nested deeper than 32",
    schema: "x: Unknown name",
    harm: ["keeping"],
  }),
  refusedFor("manifest of a text without end", {
    what: "Quotes in a text that does not end: a reader may try each as its beginning again.",
    manifest: `"${'\\"'.repeat(LIMITS.manifestBytesMax / 2 - 1)}`,
    text: "it is not JSON",
    harm: { none: "JSON.parse reads it at once; the check before it is held to its time here" },
  }),
  refusedFor("manifest without end", {
    what: "A quarter of a mebibyte, with a fault in each of twenty thousand settings.",
    manifest: settings(
      Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`S${i}`, {}])),
    ),
    text: "at most 65536",
    schema: "and 39970 more",
    harm: ["issues"],
  }),
  refusedFor("manifest of many faults", {
    what: "Has so many faults that to name them all takes longer than to find them.",
    manifest: changed({ schemes: new Array(40_000).fill(1) }),
    text: "bytes long, at most 65536",
    schema: "and 39970 more",
    harm: ["issues"],
  }),
  refusedFor("manifest with faults without number", {
    what: "As many faults as a manifest has room for.",
    manifest: changed({ schemes: new Array(30_000).fill(7) }),
    schema: "and 29970 more",
    harm: ["issues"],
  }),
  refusedFor("manifest with a key twice", {
    what: "Says one thing to whoever reads the first, another to the rest.",
    manifest: headed(`"abi":3`),
    text: "it has the key abi twice",
    harm: ["reading"],
  }),
  refusedFor("manifest with a key of escapes", {
    what: "Writes a key such that the engine may take it for another.",
    manifest: JSON.stringify(MANIFEST).replace("abi", "\\u0061bi"),
    text: "it has a key that is written with escapes",
    harm: ["reading"],
  }),
  refusedFor("manifest with a name of escapes", {
    what: "A name that would clear the terminal.",
    manifest: changed({ name: "\u001b[2J" }),
    schema: "name: Expected lower-case letters",
    harm: ["terminal"],
  }),
  refusedFor("manifest with a prototype", {
    what: "Would change what objects are.",
    manifest: headed(`"__proto__":{"granted":true}`),
    text: "it has the key __proto__",
    schema: "__proto__: Unknown name",
    harm: ["promises"],
  }),
  refusedFor("manifest with a constructor", {
    what: "Would change what makes objects.",
    manifest: headed(`"constructor":{"name":1}`),
    text: "it has the key constructor",
    schema: "constructor: Unknown name",
    harm: ["prototype"],
  }),
  refusedFor("manifest with a setting of every object", {
    what: "A setting by a name that every object answers to.",
    manifest: settings({ toString: { type: "boolean", description: "d" } }),
    text: "it has the key toString",
    harm: ["prototype"],
  }),
  refusedFor("manifest with a zero", {
    what: "A text that ends in the middle, for some.",
    manifest: headed(`"x\\u0000":1`),
    text: "it has a text that none should have",
    schema: "Unknown name",
    harm: ["terminal"],
  }),
  refusedFor("manifest with half a character", {
    what: "Half a character, which no text has.",
    manifest: headed(`"x\\ud800":1`),
    text: "it has a text that none should have",
    schema: "Unknown name",
    harm: ["reading"],
  }),
  refusedFor("manifest of an earlier contract", {
    what: "Says that it was made for a host of before.",
    manifest: changed({ abi: 1 }),
    schema: "it was built for version 1 of the contract between host and plugin",
    harm: ["promises"],
  }),
  refusedFor("manifest of another contract", {
    what: "Says that it was made for another host.",
    manifest: changed({ abi: ABI_VERSION + 1 }),
    schema: `and this host has version ${ABI_VERSION}: load with a newer snakepipe`,
    harm: ["promises"],
  }),
  refusedFor("manifest of an unknown driver", {
    what: "Wants a driver that is not there.",
    manifest: changed({ driver: "oracle" }),
    registry: "driver",
    harm: ["promises"],
  }),
  refusedFor("manifest that promises too little", {
    what: "Has no mode that anybody asks for.",
    manifest: changed({ capabilities: { ...MANIFEST.capabilities, modes: [] } }),
    schema: "capabilities.modes",
    harm: ["promises"],
  }),
  {
    name: "manifest that promises too much",
    what: "Claims a billion parameters, and statements of as many rows.",
    bytes: () =>
      pluginThat({
        manifest: TOO_MUCH,
        exports: {
          write_batch: `(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3))
            (i32.const 65535)) (i32.const 0)`,
        },
      }),
    manifest: TOO_MUCH,
    stopped: "nowhere",
    refused: { planner: "the smaller of its limits and the driver's holds" },
    harm: ["promises"],
  },
  refusedFor("manifest with infinite numbers", {
    what: "Limits without limit.",
    manifest: JSON.stringify(MANIFEST).replace("999", "1e999"),
    schema: "parametersMax",
    harm: ["promises"],
  }),
  refusedFor("manifest with a default that does not fit", {
    what: "A setting whose default nobody could set: whoever sets up a backend would be told so.",
    manifest: settings({
      size: { type: "integer", description: "d", default: 1, minimum: 5 },
    }),
    schema: "its own default does not fit it",
    harm: ["settings"],
  }),
  refusedFor("manifest with a setting of the driver", {
    what: "Takes a setting of the driver for its own, so as to read it.",
    manifest: settings({ authToken: { type: "string", description: "d" } }),
    registry: "cannot carry the name of its driver's: authToken",
    harm: ["settings"],
  }),
  refusedFor("manifest with more than is known", {
    what: "Grants itself something.",
    manifest: changed({ grants: ["rows_read"] }),
    schema: "grants: Unknown name",
    harm: ["promises"],
  }),
  refusedFor("version of sixty kilobytes", {
    what: "A version of sixty kilobytes.",
    manifest: changed({ version: `1.2.3-${"x".repeat(60_000)}` }),
    schema: "version",
    harm: ["terminal"],
  }),
];
