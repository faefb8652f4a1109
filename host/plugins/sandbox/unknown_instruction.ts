/**
 * Instructions of proposals beyond what plugins may have, by the names that compilers and disassemblers
 * have for them, so that whoever wrote the module finds them.
 */
import type { ByteReader } from "./byte_reader.ts";
import { type Feature, without } from "./compiler_flag.ts";

interface Proposal {
  /** What a refusal calls one of its instructions. */
  readonly kind: string;
  readonly feature: Feature;
}

const EXCEPTIONS: Proposal = {
  kind: "an instruction of exception handling",
  feature: "exceptions",
};
const TAIL_CALLS: Proposal = { kind: "a tail call", feature: "tail calls" };
const REFERENCES: Proposal = { kind: "a call by reference", feature: "garbage collection" };
const COLLECTED: Proposal = {
  kind: "an instruction of garbage collection",
  feature: "garbage collection",
};
const THREADS: Proposal = { kind: "an instruction of threads", feature: "threads" };
const RELAXED: Proposal = { kind: "an instruction of relaxed vectors", feature: "relaxed vectors" };

const PLAIN: ReadonlyMap<number, readonly [name: string, proposal: Proposal]> = new Map([
  [0x06, ["try", EXCEPTIONS]],
  [0x07, ["catch", EXCEPTIONS]],
  [0x08, ["throw", EXCEPTIONS]],
  [0x09, ["rethrow", EXCEPTIONS]],
  [0x0a, ["throw_ref", EXCEPTIONS]],
  [0x18, ["delegate", EXCEPTIONS]],
  [0x19, ["catch_all", EXCEPTIONS]],
  [0x1f, ["try_table", EXCEPTIONS]],
  [0x12, ["return_call", TAIL_CALLS]],
  [0x13, ["return_call_indirect", TAIL_CALLS]],
  [0x14, ["call_ref", REFERENCES]],
  [0x15, ["return_call_ref", TAIL_CALLS]],
  [0xd3, ["ref.eq", COLLECTED]],
  [0xd4, ["ref.as_non_null", COLLECTED]],
  [0xd5, ["br_on_null", COLLECTED]],
  [0xd6, ["br_on_non_null", COLLECTED]],
]);

const OBJECTS: readonly string[] = [
  ...["new", "new_default", "get", "get_s", "get_u", "set"].map((name) => `struct.${name}`),
  ...["new", "new_default", "new_fixed", "new_data", "new_elem", "get", "get_s", "get_u", "set"]
    .map((name) => `array.${name}`),
  ...["len", "fill", "copy", "init_data", "init_elem"].map((name) => `array.${name}`),
  ...["ref.test", "ref.test null", "ref.cast", "ref.cast null", "br_on_cast", "br_on_cast_fail"],
  ...["any.convert_extern", "extern.convert_any", "ref.i31", "i31.get_s", "i31.get_u"],
];

/** What the widths of atomic accesses are called, in the order of their numbers. */
const WIDTHS: readonly (readonly [type: string, width: string])[] = [
  ...[["i32", ""], ["i64", ""], ["i32", "8"], ["i32", "16"]] as const,
  ...[["i64", "8"], ["i64", "16"], ["i64", "32"]] as const,
];
const ATOMICS: ReadonlyMap<number, string> = new Map([
  [0x00, "memory.atomic.notify"],
  [0x01, "memory.atomic.wait32"],
  [0x02, "memory.atomic.wait64"],
  [0x03, "atomic.fence"],
  ...atomics(0x10, (type, width) => `${type}.atomic.load${width}${width && "_u"}`),
  ...atomics(0x17, (type, width) => `${type}.atomic.store${width}`),
  ...["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"].flatMap((act, i) =>
    atomics(
      0x1e + 7 * i,
      (type, width) => `${type}.atomic.rmw${width}.${act}${width && "_u"}`,
    )
  ),
]);

const RELAXED_NAMES: readonly string[] = [
  "i8x16.relaxed_swizzle",
  ...["f32x4_s", "f32x4_u", "f64x2_s_zero", "f64x2_u_zero"].map((from) =>
    `i32x4.relaxed_trunc_${from}`
  ),
  ...["f32x4", "f64x2"].flatMap((type) => [`${type}.relaxed_madd`, `${type}.relaxed_nmadd`]),
  ...["i8x16", "i16x8", "i32x4", "i64x2"].map((type) => `${type}.relaxed_laneselect`),
  ...["f32x4", "f64x2"].flatMap((type) => [`${type}.relaxed_min`, `${type}.relaxed_max`]),
  ...["q15mulr_s", "dot_i8x16_i7x16_s"].map((name) => `i16x8.relaxed_${name}`),
  "i32x4.relaxed_dot_i8x16_i7x16_add_s",
];
/** The number of the first. */
const RELAXED_FROM = 0x100;

/** An instruction that plugins may not have, by its first byte; reads the rest of its number. */
export function unknownInstruction(code: number, reader: ByteReader): string {
  if (code === 0xfb) return said(OBJECTS[reader.u32()], COLLECTED);
  if (code === 0xfe) return said(ATOMICS.get(reader.u32()), THREADS);
  const [name, proposal] = PLAIN.get(code) ?? [];
  return proposal
    ? said(name, proposal)
    : `an unknown instruction 0x${code.toString(16).padStart(2, "0")}`;
}

/** An instruction of vectors that plugins may not have, by its number. */
export function unknownVector(code: number): string {
  return said(RELAXED_NAMES[code - RELAXED_FROM], RELAXED);
}

function said(name: string | undefined, { kind, feature }: Proposal): string {
  return `${kind}${name === undefined ? "" : `, ${name}`}: ${without(feature)}`;
}

function atomics(
  first: number,
  name: (type: string, width: string) => string,
): [number, string][] {
  return WIDTHS.map(([type, width], i) => [first + i, name(type, width)]);
}
