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
} from "../../src/abi/capability.ts";
import { type Issue, LoadError } from "../../src/errors.ts";
import { LIMITS } from "../../src/limits.ts";
import { capabilityNamed, type Grants, isGranted } from "../../src/policy/grant.ts";
import {
  type DecodedModule,
  DecodeError,
  decodeModule,
  type Signature,
  signature,
} from "./decode.ts";
import { meter } from "./meter.ts";

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
const MAGIC = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module that may be instantiated. */
export interface VettedModule {
  readonly module: WebAssembly.Module;
  /** Names of the capability functions that it imports, sorted. */
  readonly imports: readonly CapabilityName[];
}

/**
 * Judges the bytes and compiles them.
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
  const decoded = decode(bytes, file);
  const issues = [...importIssues(decoded, grants), ...exportIssues(decoded)];
  if (issues.length > 0) throw refusal(file, issues);
  return {
    module: compile(bytes, file),
    imports: decoded.imports
      .filter((i) => i.module === CAPABILITY_NAMESPACE)
      .map((i) => i.name as CapabilityName).sort(),
  };
}

function decode(bytes: Uint8Array<ArrayBuffer>, file: string): DecodedModule {
  try {
    if (!MAGIC.every((b, i) => bytes[i] === b)) throw unreadable(file);
    return decodeModule(bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    // Beyond what is let in, or no module at all: the engine knows.
    if (!WebAssembly.validate(bytes)) throw unreadable(file);
    throw refusal(file, [{ path: "module", message: `it has ${error.message}` }]);
  }
}

/**
 * Compiles, and so validates, the bytes as they came. Once `meter` changes them, they are to be
 * validated before: rewriting can make a module valid that was not, with our counter in its hands.
 */
function compile(bytes: Uint8Array<ArrayBuffer>, file: string): WebAssembly.Module {
  try {
    return new WebAssembly.Module(meter(bytes));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) throw unreadable(file);
    throw error;
  }
}

function unreadable(file: string): LoadError {
  return new LoadError(`Plugin is not a valid WebAssembly module: ${file}`, {
    code: "plugin_unreadable",
    blame: "plugin",
  });
}

function importIssues(decoded: DecodedModule, grants: Grants): Issue[] {
  const issues: Issue[] = [];
  for (const entry of decoded.imports) {
    const path = `import ${entry.module} ${entry.name}`;
    if (entry.kind !== "function") {
      issues.push({ path, message: `a ${entry.kind} cannot be imported` });
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
  if (module === KERNEL_NAMESPACE) {
    return Object.hasOwn(KERNEL_FUNCTIONS, name)
      ? KERNEL_FUNCTIONS[name]!
      : { refused: "not a function that this host gives to plugins" };
  }
  const capability = module === CAPABILITY_NAMESPACE ? capabilityNamed(name) : undefined;
  if (capability === undefined) {
    return { refused: "not a function that this host gives to plugins" };
  }
  if (!isGranted(capability, grants)) return { refused: "not granted to this plugin" };
  return signature(CAPABILITIES[capability].params, CAPABILITIES[capability].results);
}

function exportIssues(decoded: DecodedModule): Issue[] {
  const issues: Issue[] = [];
  for (const [name, need] of Object.entries(PLUGIN_EXPORTS)) {
    const found = decoded.exports.find((e) => e.name === name);
    const path = `export ${name}`;
    if (!found) {
      if (need === "required") issues.push({ path, message: "missing" });
    } else if (found.kind !== "function" || found.signature !== EXPORT_SIGNATURE) {
      issues.push({
        path,
        message: `expected ${EXPORT_SIGNATURE} but it has ${found.signature ?? found.kind}`,
      });
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

function refusal(file: string, issues: readonly Issue[]): LoadError {
  return new LoadError(
    `Plugin is refused: ${file}\n${issues.map((i) => `  ${i.path}: ${i.message}`).join("\n")}`,
    { code: "plugin_refused", blame: "plugin", issues },
  );
}
