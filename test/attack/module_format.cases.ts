/** Modules that are none, or that have what plugins are not let in with. */
import type { ModuleCase } from "./module_case.ts";
import {
  bodyOf,
  exported,
  functionOf,
  joined,
  leb,
  moduleOf,
  moduleWith,
  repeated,
  signedLeb,
} from "./module_attack.ts";

/** How the engine begins to say that it does not compile something. */
const ENGINE = "WebAssembly.Module()";

/** Bytes of which no engine makes a module. */
function malformed(
  name: string,
  { what, says, bytes }: Pick<ModuleCase, "what" | "bytes"> & { readonly says: string },
): ModuleCase {
  return {
    name,
    what,
    bytes,
    stopped: "folder",
    code: "plugin_unreadable",
    refused: { decoder: says, engine: ENGINE },
    harm: { none: "engine" },
  };
}

/** A module of a feature that plugins have no need of. */
function unwanted(
  name: string,
  { says, harm = { none: "engine" }, ...rest }:
    & Pick<ModuleCase, "what" | "bytes" | "control">
    & Partial<Pick<ModuleCase, "harm">>
    & { readonly says: string },
): ModuleCase {
  const isInvalid = "none" in harm && harm.none === "engine";
  return {
    name,
    ...rest,
    stopped: "folder",
    code: "plugin_refused",
    refused: { decoder: says, ...(isInvalid ? { engine: ENGINE } : {}) },
    harm,
  };
}

/** Sets what is no block as its output, which Extism answers with an error, and catches that. */
const SWALLOWS = [0x42, 0x7f, 0x42, 0x00, 0x10, 0x00];
/** `loop`, `br 0`, and its end around something. */
const endless = (...body: number[]) => [0, 0x03, 0x40, ...body, 0x0c, 0, 0x0b, 0x0b];
/** Waits at an address of a shared memory for so many nanoseconds. */
const waiting = (ns: string) => () =>
  moduleWith(
    `(memory (export "memory") 1 1 shared) (func (export "write_batch")
      (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const ${ns}))))`,
    { threads: true },
  );

export const cases: readonly ModuleCase[] = [
  malformed("body without function", {
    what: "A body that belongs to nothing.",
    says: "0 functions and 1 bodies",
    bytes: () => moduleOf([10, [1, 2, 0, 0x0b]]),
  }),
  malformed("bytes behind a function", {
    what: "A function that goes on behind its end.",
    says: "bytes behind the end of a function",
    bytes: () => functionOf([0, 0x0b, 0x0b]),
  }),
  malformed("bytes behind a section", {
    what: "A section that is longer than what it holds.",
    says: "bytes behind its types",
    bytes: () => moduleOf([1, [0, 0]]),
  }),
  malformed("constant without end", {
    what: "A constant that never comes to its end.",
    says: "an end in the middle",
    bytes: () => moduleOf([6, joined([1, 0x7f, 0], repeated(100_000, [0x01]))]),
  }),
  malformed("counts that lie", {
    what: "Says that nine thousand elements follow, and there are none.",
    says: "an end in the middle",
    bytes: () => moduleOf([9, [0xa8, 0x46]]),
  }),
  malformed("section twice", {
    what: "Two sections of types.",
    says: "section 1 twice or out of order",
    bytes: () => moduleOf([1, [0]], [1, [0]]),
  }),
  malformed("sections out of order", {
    what: "Types behind the functions that have them.",
    says: "section 1 twice or out of order",
    bytes: () => moduleOf([3, [0]], [1, [0]]),
  }),
  unwanted("unknown section", {
    what: "A section that nobody knows.",
    says: "an unknown section 99",
    bytes: () => moduleOf([99, [0]]),
  }),
  unwanted("block of unknown type", {
    what: "A block of a type that is longer than it looks.",
    says: "a block of unknown type 0x63",
    bytes: () => functionOf([0, 0x02, 0x63, 0x70, 0x0b, 0x0b]),
  }),
  unwanted("access to a second memory", {
    what: "A load from a memory by its number.",
    says: "an access to a further memory",
    bytes: () => functionOf([0, 0x41, 0, 0x28, 0x42, 1, 0, 0x1a, 0x0b], [5, [1, 0, 1]]),
  }),
  unwanted("fill of a second memory", {
    what: "Fills a memory by its number.",
    says: "an access to a further memory",
    bytes: () => functionOf([0, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 1, 0x0b], [5, [1, 0, 1]]),
  }),
  unwanted("access by a long offset", {
    what: "Writes an offset in more bytes than 32 bits take, as memories of 64 bits let it.",
    says: "a number longer than 32 bits",
    bytes: () =>
      functionOf([0, 0x41, 0, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a, 0x0b], [5, [
        ...[1, 0, 1],
      ]]),
    harm: { none: "the engine reads the same offset: it is other readers that lose their place" },
  }),
  unwanted("atomic instruction", {
    what: "Goes round for ever by an instruction of threads.",
    says: "an instruction of threads",
    bytes: () => functionOf(endless(0xfe, 0x03, 0x00)),
    harm: ["time"],
  }),
  unwanted("shared memory", {
    what: "Memory that several threads would share.",
    says: "a shared or 64-bit memory",
    bytes: () => moduleWith(`(memory (export "memory") 1 1 shared)`, { threads: true }),
    harm: ["memory"],
  }),
  unwanted("wait for ever", {
    what: "Would sleep for ever, at no fuel.",
    says: "a shared or 64-bit memory",
    bytes: waiting("-1"),
    control: waiting("600000000"),
    harm: ["time"],
  }),
  unwanted("memory of 64 bits", {
    what: "A memory with long addresses, larger than short ones can name.",
    says: "a shared or 64-bit memory",
    bytes: () => moduleWith(`(memory (export "memory") i64 70000)`, { memory64: true }),
    harm: ["memory"],
  }),
  unwanted("two memories", {
    what: "A second memory, of four gibibytes.",
    says: "2 memories",
    bytes: () => moduleWith(`(memory 1) (memory (export "memory") 65536)`, { multi_memory: true }),
    harm: ["memory"],
  }),
  unwanted("exception handler", {
    what: "Catches what the host throws at it.",
    says: "an instruction of exception handling",
    bytes: () =>
      moduleWith(
        `(import "extism:host/env" "output_set" (func $set (param i64 i64)))
        (func (export "write_batch") (result i32)
          (try (do (call $set (i64.const -1) (i64.const 0))) (catch_all)) (i32.const 0))`,
        { exceptions: true },
      ),
    harm: ["caught"],
  }),
  unwanted("exception handler of today", {
    what: "Catches it in the newer way.",
    says: "an instruction of exception handling",
    bytes: () =>
      functionOf(
        joined([0, 0x02, 0x40, 0x1f, 0x40, 1, 2, 0], SWALLOWS, [0x0b, 0x0b, 0x0b]),
        [1, [2, 0x60, 0, 0, 0x60, 2, 0x7e, 0x7e, 0]],
        [2, joined(1, named("extism:host/env"), named("output_set"), [0, 1])],
        exported(1),
      ),
    harm: ["caught"],
  }),
  unwanted("exception tag", {
    what: "Throws an exception of its own kind.",
    says: "an unknown section 13",
    bytes: () =>
      moduleWith(`(tag $t) (func (export "write_batch") (throw $t))`, { exceptions: true }),
    harm: ["error"],
  }),
  unwanted("tail call", {
    what: "A call that leaves no frame, for ever.",
    says: "a tail call",
    bytes: () =>
      moduleWith(`(func $f (export "write_batch") (return_call $f))`, { tail_call: true }),
    harm: ["time"],
  }),
  unwanted("tail call by table", {
    what: "The same by way of a table.",
    says: "a tail call",
    bytes: () =>
      functionOf(
        [0, 0x41, 0, 0x13, 0, 0, 0x0b],
        [4, [1, 0x70, 0, 1]],
        [9, [1, 0, 0x41, 0, 0x0b, 1, 0]],
      ),
    harm: ["time"],
  }),
  unwanted("call by reference", {
    what: "Calls a function by a typed reference, for ever.",
    says: "a call by reference",
    bytes: () =>
      functionOf(
        [],
        [3, [2, 0, 0]],
        [9, [1, 3, 0, 1, 1]],
        [10, joined(2, bodyOf(endless(0xd2, 1, 0x14, 0)), bodyOf([0, 0x0b]))],
      ),
    harm: ["time"],
  }),
  unwanted("collected object", {
    what: "Makes objects for the engine to collect, for ever.",
    says: "an instruction of garbage collection",
    bytes: () => functionOf(endless(0x41, 0, 0xfb, 0x1c, 0x1a)),
    harm: ["time"],
  }),
  unwanted("collected object type", {
    what: "An array of 100 megabytes, which is no memory of the module.",
    says: "a type of form 0x5e",
    bytes: () =>
      functionOf(joined([0, 0x41], signedLeb(100_000_000), [0xfb, 7, 1, 0x1a, 0x0b]), [1, [
        ...[2, 0x60, 0, 0],
        ...[0x5e, 0x78, 1],
      ]]),
    harm: ["memory"],
  }),
  unwanted("collected constant", {
    what: "An object that the engine would collect, as a constant.",
    says: "a value of unknown type 0x6c",
    bytes: () => moduleOf([6, [1, 0x6c, 0, 0x41, 0, 0xfb, 0x1c, 0x0b]]),
    harm: { none: "one small object harms nobody: arrays need a type, which is refused before" },
  }),
  unwanted("relaxed vectors", {
    what: "Vectors whose results depend on the machine.",
    says: "an instruction of relaxed vectors",
    bytes: () =>
      functionOf(
        joined([0], repeated(2, [0xfd, 12, ...new Array(16).fill(0)]), [0xfd, 0x80, 0x02, 0x1a], [
          0x0b,
        ]),
      ),
    harm: { none: "on one machine, they are always the same" },
  }),
  unwanted("table with a start", {
    what: "A table of a hundred thousand elements that is filled as it is made.",
    says: "a reference of unknown type 0x40",
    bytes: () =>
      functionOf(
        [0, 0x0b],
        [4, joined([1, 0x40, 0x00, 0x70, 0], leb(100_000), [0xd0, 0x70, 0x0b])],
        exported(0, 1, "table"),
      ),
    harm: ["table"],
  }),
  unwanted("name of ten kilobytes", {
    what: "Calls an import with a name that fills the screen.",
    says: "a name of 10000 bytes",
    bytes: () =>
      functionOf(
        [0, 0x10, 0, 0x0b],
        [2, joined(1, leb(10_000), repeated(10_000, [0x61]), [1, 0x61, 0, 0])],
        exported(1),
      ),
    harm: ["imports"],
  }),
];

function named(name: string): Uint8Array {
  const bytes = new TextEncoder().encode(name);
  return joined(leb(bytes.length), bytes);
}
