/**
 * Everything that is asked of a plugin's bytes before one of them runs: size, validity, imports
 * against grants by exact name and signature, exports by signature. A fault does not end the
 * search: all of them are reported together.
 */
import {
  CAPABILITIES,
  CAPABILITY_NAMESPACE,
  type CapabilityName,
  PLUGIN_EXPORTS,
} from "../../../src/plugin_api/capability.ts";
import { FORMER_CAPABILITIES, versionRefusal } from "../../../src/plugin_api/version.ts";
import { type Issue, issueLines, LoadError, messageOf } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { capabilityNamed, type Grants, isGranted } from "../../../src/plan_policy/grant.ts";
import { didYouMean, nearWord } from "../../../src/model/near_word.ts";
import { DecodeError, MalformedError } from "./byte_reader.ts";
import { without } from "./compiler_flag.ts";
import { type DecodedModule, decodeModule, MAGIC, type Signature, signature } from "./decode.ts";
import { meterModule } from "./meter.ts";

/** Extism's kernel functions that a plugin may import: memory, input, output, logs. No vars, config, HTTP. */
export const KERNEL_FUNCTIONS: Readonly<Record<string, Signature>> = {
  alloc: "(i64) -> (i64)",
  free: "(i64) -> ()",
  length: "(i64) -> (i64)",
  length_unsafe: "(i64) -> (i64)",
  load_u8: "(i64) -> (i32)",
  load_u64: "(i64) -> (i64)",
  store_u8: "(i64, i32) -> ()",
  store_u64: "(i64, i64) -> ()",
  input_offset: "() -> (i64)",
  input_length: "() -> (i64)",
  input_load_u8: "(i64) -> (i32)",
  input_load_u64: "(i64) -> (i64)",
  output_set: "(i64, i64) -> ()",
  error_set: "(i64) -> ()",
  log_debug: "(i64) -> ()",
  log_info: "(i64) -> ()",
  log_warn: "(i64) -> ()",
  log_error: "(i64) -> ()",
};
/** Extism's own namespace. */
export const KERNEL_NAMESPACE = "extism:host/env";
const EXPORT_SIGNATURE = signature([], ["i32"]);
/** Names of exports that begin so are the host's. */
const HOST_EXPORT_PREFIX = "_snakepipe_";

/** A module that may be instantiated. */
export interface VettedModule {
  readonly module: WebAssembly.Module;
  /** Names of the capability functions that it imports, sorted. */
  readonly imports: readonly CapabilityName[];
}

/**
 * Judges the bytes, meters them, and compiles what comes of it.
 *
 * @throws {LoadError} `plugin_unreadable` if they are no WebAssembly module; `plugin_refused` with
 * one issue per fault.
 */
export function vetModule(
  bytes: Uint8Array<ArrayBuffer>,
  grants: Grants,
  file: string,
): VettedModule {
  if (bytes.length > LIMITS.moduleBytesMax) {
    throw refusal(file, [{
      path: "size",
      message: `${bytes.length} bytes, at most ${LIMITS.moduleBytesMax}`,
    }]);
  }
  const { decoded, metered } = decode(bytes, file);
  const issues = interfaceIssues(decoded, grants);
  if (issues.length > 0) throw refusal(file, issues);
  // The original, and not what metering makes of it: there, a global that the module names and does not
  // have is the fuel counter.
  if (!WebAssembly.validate(bytes)) throw unreadable(file);
  return {
    module: compiled(metered, file),
    imports: decoded.imports
      .filter((i) => i.module === CAPABILITY_NAMESPACE)
      .map((i) => i.name as CapabilityName).sort(),
  };
}

/** Capability functions that a module imports, sorted; undefined where it would not be let in. */
export function importsOf(bytes: Uint8Array<ArrayBuffer>): readonly string[] | undefined {
  try {
    const every = new Set(Object.keys(CAPABILITIES) as CapabilityName[]);
    return vetModule(bytes, every, "").imports;
  } catch (error) {
    if (error instanceof LoadError) return undefined;
    throw error;
  }
}

function decode(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): { readonly decoded: DecodedModule; readonly metered: Uint8Array<ArrayBuffer> } {
  try {
    if (!MAGIC.every((b, i) => bytes[i] === b)) throw unreadable(file);
    const decoded = decodeModule(bytes);
    return { decoded, metered: meterModule(decoded) };
  } catch (error) {
    // The engine is not asked: what is beyond the limits would cost it seconds.
    if (error instanceof MalformedError) throw unreadable(file, `it has ${error.message}`);
    if (!(error instanceof DecodeError)) throw error;
    throw refusal(file, [{ path: "module", message: `it has ${error.message}` }]);
  }
}

/** What the engine does not take for a reason of its own keeps no other plugin from it. */
function compiled(metered: Uint8Array<ArrayBuffer>, file: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(metered);
  } catch (error) {
    const message = `the engine does not compile it: ${messageOf(error)}`;
    throw refusal(file, [{ path: "module", message }]);
  }
}

function unreadable(file: string, why?: string): LoadError {
  const reason = why === undefined ? "" : `: ${why}`;
  return new LoadError(`Plugin is not a valid WebAssembly module: ${file}${reason}`, {
    code: "plugin_unreadable",
    blame: "plugin",
  });
}

/** What is wrong with the imports and the exports of a module: one issue per fault, imports first. */
export function interfaceIssues(decoded: DecodedModule, grants: Grants): Issue[] {
  return [...importIssues(decoded, grants), ...exportIssues(decoded)];
}

function importIssues(decoded: DecodedModule, grants: Grants): Issue[] {
  const issues: Issue[] = [];
  for (const entry of decoded.imports) {
    const path = `import ${entry.module} ${entry.name}`;
    if (entry.kind !== "function") {
      const way = without(`an imported ${entry.kind}`);
      issues.push({ path, message: `a ${entry.kind} cannot be imported: ${way}` });
      continue;
    }
    const expected = allowedSignature(entry.module, entry.name, grants);
    if (typeof expected !== "string") issues.push({ path, message: expected.refused });
    else if (expected !== entry.signature) {
      issues.push({ path, message: `expected ${expected} but it has ${entry.signature}` });
    }
  }
  return issues;
}

function allowedSignature(
  module: string,
  name: string,
  grants: Grants,
): Signature | { refused: string } {
  if (module === KERNEL_NAMESPACE && Object.hasOwn(KERNEL_FUNCTIONS, name)) {
    return KERNEL_FUNCTIONS[name]!;
  }
  const capability = module === CAPABILITY_NAMESPACE ? capabilityNamed(name) : undefined;
  if (capability === undefined) {
    const former = module === CAPABILITY_NAMESPACE && Object.hasOwn(FORMER_CAPABILITIES, name);
    return {
      refused: former
        ? versionRefusal(FORMER_CAPABILITIES[name]!)
        : `not a function that this host gives to plugins${wayOutOf(module, name)}`,
    };
  }
  if (!isGranted(capability, grants)) {
    const way = capability === "batch_column_name" ? "use slots such as {col:0}, or " : "";
    return { refused: `not granted to this plugin: ${way}let snakepipe grant FILE ${name} do it` };
  }
  return signature(CAPABILITIES[capability].params, CAPABILITIES[capability].results);
}

/** What to do about an import that no host has, as the end of a sentence. */
function wayOutOf(module: string, name: string): string {
  if (module === CAPABILITY_NAMESPACE || module === KERNEL_NAMESPACE) {
    const given = module === KERNEL_NAMESPACE ? KERNEL_FUNCTIONS : CAPABILITIES;
    const near = didYouMean(name, Object.keys(given));
    if (near !== "") return near;
    return name.startsWith("config_")
      ? ": settings are read by config_text and config_number of extism:host/user"
      : `: it gives ${Object.keys(given).join(", ")}`;
  }
  if (module.startsWith("wasi")) return `: ${without("a system")}`;
  if (module !== "env") return `: ${without("an undefined function")}`;
  if (name === "abort") return `: ${without("abort of AssemblyScript")}`;
  if (name === "seed") return `: ${without("seed of AssemblyScript")}`;
  if (/^(trace|console\.)/.test(name)) return `: ${without("trace of AssemblyScript")}`;
  return `: ${without("an undefined function")}`;
}

function exportIssues(decoded: DecodedModule): Issue[] {
  const issues: Issue[] = [];
  for (const [name, need] of Object.entries(PLUGIN_EXPORTS)) {
    const found = decoded.exports.find((e) => e.name === name);
    const path = `export ${name}`;
    if (!found) {
      if (need === "required") issues.push({ path, message: missing(name, decoded) });
    } else if (found.kind !== "function" || found.signature !== EXPORT_SIGNATURE) {
      issues.push({
        path,
        message: `expected ${EXPORT_SIGNATURE} but it has ${found.signature ?? found.kind}: ` +
          "an export takes no parameters and returns one i32",
      });
    }
  }
  for (const { name } of decoded.exports) {
    if (name.startsWith(HOST_EXPORT_PREFIX)) {
      issues.push({ path: `export ${name}`, message: "reserved, the name is the host's" });
    }
  }
  // Extism runs these by itself when it makes an instance, before any call is accounted for.
  for (const name of ["hs_init", "_initialize", "_start"]) {
    if (decoded.exports.some((e) => e.name === name)) {
      issues.push({ path: `export ${name}`, message: "reserved, a plugin must not export it" });
    }
  }
  return issues;
}

/** That an export is missing, which one may have been meant for it, and how each compiler is told of one. */
function missing(name: string, { exports }: DecodedModule): string {
  const others = exports.map((one) => one.name)
    .filter((one) => !Object.hasOwn(PLUGIN_EXPORTS, one) && one !== "memory");
  const near = nearWord(name, others);
  const found = near === undefined ? "" : `, though there is ${JSON.stringify(near.slice(0, 60))}`;
  return `missing${found}: name it in the file that is compiled (AssemblyScript: export function ` +
    `${name}(): i32, or export { ${name} } from "./…" in assembly/index.ts; clang: ` +
    `__attribute__((export_name("${name}"))); rustc: #[no_mangle] pub extern "C" fn ${name}() -> i32)`;
}

function refusal(file: string, issues: readonly Issue[]): LoadError {
  return new LoadError(`Plugin is refused: ${file}`, {
    code: "plugin_refused",
    blame: "plugin",
    issues,
    lines: issueLines(issues),
  });
}
