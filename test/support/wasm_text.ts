/** Plugins written in WebAssembly's text format, for tests of what the host lets in. */
import wabt from "wabt";
import {
  CAPABILITIES,
  CAPABILITY_NAMESPACE,
  type CapabilityName,
} from "../../src/plugin_api/capability.ts";
import { ABI_VERSION } from "../../src/plugin_api/version.ts";
import { KERNEL_FUNCTIONS, KERNEL_NAMESPACE } from "../../host/plugins/sandbox/vet.ts";

const toolkit = await wabt();

/** What of WebAssembly the assembler is to know beyond its first version, by the assembler's names. */
export type Features = Parameters<typeof toolkit.parseWat>[2] & { readonly multi_memory?: boolean };

const USUAL: Features = { multi_value: true, bulk_memory: true };

/** Assembles a module from text. */
export function assemble(text: string, features: Features = {}): Uint8Array<ArrayBuffer> {
  const module = toolkit.parseWat("plugin.wat", text, { ...USUAL, ...features });
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** A manifest that passes its schema. */
export const MANIFEST = {
  abi: ABI_VERSION,
  name: "sample",
  version: "1.2.3",
  backend: "sample",
  driver: "libsql",
  schemes: ["sample"],
  config: { type: "object", properties: {} },
  capabilities: {
    modes: ["append"],
    transactions: true,
    limits: { parametersMax: 999, rowsPerStatementMax: 100, identifierBytesMax: 63 },
  },
};

/** What a sample plugin is made of; what is left out does nothing and returns 0. */
export interface SamplePlugin {
  /** The manifest, or any text in its place. */
  readonly manifest?: unknown;
  /** Bodies of the exports, in text format, each leaving an i32. `$text n` puts text n in a block. */
  readonly exports?: Readonly<Record<string, string>>;
  /** Texts that bodies can put in blocks, by position. */
  readonly texts?: readonly string[];
  /** Capability functions to import, as `$name`. */
  readonly capabilities?: readonly CapabilityName[];
  /** Whole import lines, as they stand. */
  readonly imports?: readonly string[];
  /** Whole module fields at the end, as they stand. */
  readonly fields?: readonly string[];
  /** Exports to leave out. */
  readonly without?: readonly string[];
  /** See {@linkcode Features}. */
  readonly features?: Features;
}

const EXPORTS = ["connect", "write_batch", "health_check"];

/** Assembles a plugin that is in order but for what the test changes. */
export function samplePlugin(sample: SamplePlugin = {}): Uint8Array<ArrayBuffer> {
  const manifest = typeof sample.manifest === "string"
    ? sample.manifest
    : JSON.stringify(sample.manifest ?? MANIFEST);
  const texts = [manifest, ...sample.texts ?? []];
  let at = 1024;
  const placed = texts.map((text) => {
    const bytes = new TextEncoder().encode(text);
    const start = at;
    at += bytes.length;
    return {
      start,
      length: bytes.length,
      data: [...bytes].map((b) => `\\${b.toString(16).padStart(2, "0")}`).join(""),
    };
  });
  const bodies: Record<string, string> = {
    manifest:
      "(call $output_set (call $text (i32.const 0)) (call $length_of (i32.const 0))) (i32.const 0)",
    ...Object.fromEntries(EXPORTS.map((name) => [name, "(i32.const 0)"])),
    ...sample.exports,
  };
  return assemble(
    `(module
    ${
      Object.entries(KERNEL_FUNCTIONS).map(([name, sig]) => importLine(KERNEL_NAMESPACE, name, sig))
        .join("\n")
    }
    ${
      (sample.capabilities ?? []).map((name) =>
        importLine(CAPABILITY_NAMESPACE, name, capabilitySignature(name))
      ).join("\n")
    }
    ${(sample.imports ?? []).join("\n")}
    (memory (export "memory") ${Math.ceil(at / 65536) + 1})
    ${placed.map((p) => `(data (i32.const ${p.start}) "${p.data}")`).join("\n")}
    (func $start_of (param i32) (result i32) ${choose(placed.map((p) => p.start))})
    (func $bytes_of (param i32) (result i32) ${choose(placed.map((p) => p.length))})
    (func $length_of (param i32) (result i64) (i64.extend_i32_u (call $bytes_of (local.get 0))))
    ;; Puts text n into a block of its own and returns its handle.
    (func $text (param $n i32) (result i64) (local $block i64) (local $i i32)
      (local.set $block (call $alloc (call $length_of (local.get $n))))
      (block $done (loop $next
        (br_if $done (i32.ge_u (local.get $i) (call $bytes_of (local.get $n))))
        (call $store_u8
          (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))
          (i32.load8_u (i32.add (call $start_of (local.get $n)) (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
      (local.get $block))
    ${
      Object.entries(bodies).filter(([name]) => !sample.without?.includes(name))
        .map(([name, body]) =>
          `(func (export "${name}") (result i32) (local $h i64) (local $i i32) ${body})`
        ).join("\n")
    }
    ${(sample.fields ?? []).join("\n")}
  )`,
    sample.features,
  );
}

function importLine(module: string, name: string, signature: string): string {
  const [params, results] = signature.split(" -> ").map((side) =>
    side.slice(1, -1).replaceAll(",", "")
  );
  return `(import "${module}" "${name}" (func $${name} (param ${params}) (result ${results})))`;
}

function capabilitySignature(name: CapabilityName): string {
  const { params, results } = CAPABILITIES[name];
  return `(${params.join(", ")}) -> (${results.join(", ")})`;
}

/** An expression that picks one of several numbers by local 0. */
function choose(numbers: readonly number[]): string {
  return numbers.reduceRight(
    (rest, number, i) =>
      `(if (result i32) (i32.eq (local.get 0) (i32.const ${i})) (then (i32.const ${number})) (else ${rest}))`,
    "(unreachable)",
  );
}
