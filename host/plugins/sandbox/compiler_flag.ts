/**
 * How compilers are told to leave out what a plugin may not have: said beside its name, where a module is
 * refused for it.
 */

/** What a module may have that is refused, by the name of its proposal or its part. */
export type Feature = keyof typeof FLAGS;

/** Flags by compiler; a compiler that never makes it is not named. */
const FLAGS = {
  threads: {
    AssemblyScript: "--disable threads, without --sharedMemory",
    clang: "-mno-atomics, without -pthread",
    rustc: "-C target-feature=-atomics",
  },
  exceptions: {
    AssemblyScript: "--disable exception-handling",
    clang: "-fno-exceptions -mno-exception-handling",
    rustc: "-C panic=abort -C target-feature=-exception-handling",
  },
  "tail calls": { clang: "-mno-tail-call", rustc: "-C target-feature=-tail-call" },
  "garbage collection": { AssemblyScript: "--disable gc" },
  "relaxed vectors": {
    AssemblyScript: "--disable relaxed-simd",
    clang: "-mno-relaxed-simd",
    rustc: "-C target-feature=-relaxed-simd",
  },
  "64-bit memory": {
    AssemblyScript: "--disable memory64",
    clang: "--target=wasm32",
    rustc: "--target wasm32-unknown-unknown",
  },
  "several memories": { clang: "-mno-multimemory", rustc: "-C target-feature=-multimemory" },
  "an imported memory": {
    AssemblyScript: "without --importMemory",
    clang: "without -Wl,--import-memory",
    rustc: "without -C link-arg=--import-memory",
  },
  "an imported table": {
    AssemblyScript: "without --importTable",
    clang: "without -Wl,--import-table",
    rustc: "without -C link-arg=--import-table",
  },
  "an imported global": {
    AssemblyScript: "a value instead of @external on a global",
    clang: "-fno-PIC, without -shared",
    rustc: "-C relocation-model=static",
  },
  "an imported tag": {
    clang: "-fno-exceptions -mno-exception-handling",
    rustc: "-C panic=abort",
  },
  "abort of AssemblyScript": {
    AssemblyScript: "--use abort=~lib/@snakepipe/kit/entry/abort, as snakepipe build does",
  },
  "seed of AssemblyScript": {
    AssemblyScript: "without Math.random, of which a plan may not depend",
  },
  "trace of AssemblyScript": { AssemblyScript: "without trace and console" },
  "a system": {
    AssemblyScript: "without the wasi-shim",
    clang: "--target=wasm32 -nostdlib, not wasm32-wasi",
    rustc: "--target wasm32-unknown-unknown, not wasm32-wasip1",
  },
  "an undefined function": {
    AssemblyScript: "@external with one of the two namespaces",
    clang: "import_module and import_name as attributes, without -Wl,--allow-undefined",
    rustc: '#[link(wasm_import_module = "extism:host/user")]',
  },
} as const satisfies Record<string, Partial<Record<"AssemblyScript" | "clang" | "rustc", string>>>;

/** `compile it without threads (AssemblyScript: --disable threads; clang: …)`. */
export function without(feature: Feature): string {
  const flags = Object.entries(FLAGS[feature]).map(([compiler, flag]) => `${compiler}: ${flag}`);
  return `compile it without ${feature} (${flags.join("; ")})`;
}
