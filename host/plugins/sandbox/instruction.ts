/**
 * The instructions that plugins may have, and how each is laid out: Core Specification 2.0, chapter
 * 5.4, and no proposal beyond it. Threads, exceptions, tail calls, collected objects, several or 64-bit
 * memories and relaxed vectors are unknown here, and so refused.
 */
import { type ByteReader, refuse } from "./byte_reader.ts";
import { type Plain, STACK_EFFECT } from "./stack_effect.ts";
import { readMemoryAccess, readTheMemory } from "./memory_access.ts";
import { unknownInstruction } from "./unknown_instruction.ts";
import { readVector } from "./vector_instruction.ts";

/** What an instruction means for metering, and what it does to the operand stack. */
export type Instruction =
  | Plain
  /** Execution does not go on behind it. */
  | { readonly kind: "leave" }
  | { readonly kind: "block" | "loop" | "if"; readonly type: BlockType }
  | { readonly kind: "else" | "end" }
  /** To the block so many levels out. */
  | { readonly kind: "branch"; readonly depth: number; readonly conditional: boolean }
  /** To one of so many blocks, all of which take what this one takes. */
  | { readonly kind: "table"; readonly targets: number; readonly depth: number }
  | { readonly kind: "call"; readonly index: number }
  | { readonly kind: "indirect"; readonly type: number }
  | { readonly kind: "grow" }
  /** Works on as many items as the number on top of the stack says. */
  | {
    readonly kind: "bulk";
    readonly items: "bytes" | "elements";
    readonly pops: number;
    readonly pushes: number;
  };

/** What a block takes and leaves: nothing; nothing and one value; or what a type says, by its number. */
export type BlockType = "nothing" | "value" | number;

const LEAVE: Instruction = { kind: "leave" };
const ELSE: Instruction = { kind: "else" };
const END: Instruction = { kind: "end" };
const GROW: Instruction = { kind: "grow" };
const BULK_BYTES: Instruction = { kind: "bulk", items: "bytes", pops: 3, pushes: 0 };
const BULK_ELEMENTS: Instruction = { kind: "bulk", items: "elements", pops: 3, pushes: 0 };
const TABLE_GROW: Instruction = { kind: "bulk", items: "elements", pops: 2, pushes: 1 };

/** Value types, by their bytes. */
export const VALUE_TYPES: ReadonlyMap<number, string> = new Map([
  [0x7f, "i32"],
  [0x7e, "i64"],
  [0x7d, "f32"],
  [0x7c, "f64"],
  [0x7b, "v128"],
  [0x70, "funcref"],
  [0x6f, "externref"],
]);

/** Reads a value type. @throws {DecodeError} */
export function valueType(reader: ByteReader): string {
  const code = reader.byte();
  return VALUE_TYPES.get(code) ?? refuse(`a value of unknown type ${hex(code)}`);
}

/** Reads a reference type. @throws {DecodeError} */
export function referenceType(reader: ByteReader): void {
  const code = reader.byte();
  if (code !== 0x70 && code !== 0x6f) refuse(`a reference of unknown type ${hex(code)}`);
}

/** Reads one instruction, and passes over all that belongs to it. @throws {DecodeError} */
export function readInstruction(reader: ByteReader): Instruction {
  const code = reader.byte();
  if (code >= 0x45 && code <= 0xc4) return numeric(code);
  if (code >= 0x28 && code <= 0x3e) {
    return readMemoryAccess(reader, code < 0x36 ? STACK_EFFECT.unary : STACK_EFFECT.store);
  }
  switch (code) {
    case 0x00: // unreachable
    case 0x0f: // return
      return LEAVE;
    case 0x01: // nop
      return STACK_EFFECT.nothing;
    case 0x02:
      return { kind: "block", type: blockType(reader) };
    case 0x03:
      return { kind: "loop", type: blockType(reader) };
    case 0x04:
      return { kind: "if", type: blockType(reader) };
    case 0x05:
      return ELSE;
    case 0x0b:
      return END;
    case 0x0c: // br
    case 0x0d: // br_if
      return { kind: "branch", depth: reader.u32(), conditional: code === 0x0d };
    case 0x0e: { // br_table
      const targets = reader.u32();
      for (let left = targets; left > 0; left--) reader.u32();
      return { kind: "table", targets, depth: reader.u32() };
    }
    case 0x10: // call
      return { kind: "call", index: reader.u32() };
    case 0x11: { // call_indirect
      const type = reader.u32();
      reader.u32();
      return { kind: "indirect", type };
    }
    case 0x1a: // drop
      return STACK_EFFECT.drop;
    case 0x1b: // select
      return STACK_EFFECT.ternary;
    case 0x1c: // select with types
      reader.list(1, "types of a select", () => valueType(reader));
      return STACK_EFFECT.ternary;
    case 0x20: // local.get
    case 0x23: // global.get
    case 0xd2: // ref.func
      reader.u32();
      return STACK_EFFECT.push;
    case 0x21: // local.set
    case 0x24: // global.set
      reader.u32();
      return STACK_EFFECT.drop;
    case 0x22: // local.tee
      reader.u32();
      return STACK_EFFECT.unary;
    case 0x25: // table.get
      reader.u32();
      return STACK_EFFECT.tableGet;
    case 0x26: // table.set
      reader.u32();
      return STACK_EFFECT.tableSet;
    case 0x3f: // memory.size
      readTheMemory(reader);
      return STACK_EFFECT.push;
    case 0x40: // memory.grow
      readTheMemory(reader);
      return GROW;
    case 0x41: // i32.const
      reader.skipNumber(32);
      return STACK_EFFECT.push;
    case 0x42: // i64.const
      reader.skipNumber(64);
      return STACK_EFFECT.push;
    case 0x43: // f32.const
      reader.skip(4);
      return STACK_EFFECT.push;
    case 0x44: // f64.const
      reader.skip(8);
      return STACK_EFFECT.push;
    case 0xd0: // ref.null
      referenceType(reader);
      return STACK_EFFECT.push;
    case 0xd1: // ref.is_null
      return STACK_EFFECT.unary;
    case 0xfc:
      return readBulk(reader);
    case 0xfd:
      return readVector(reader);
    default:
      return refuse(unknownInstruction(code, reader));
  }
}

/** Comparisons, arithmetic, conversions, sign extensions. */
function numeric(code: number): Plain {
  // Tests for zero, counts of bits, conversions, sign extensions.
  if (code === 0x45 || code === 0x50 || code >= 0xa7) return STACK_EFFECT.unary;
  if ((code >= 0x67 && code <= 0x69) || (code >= 0x79 && code <= 0x7b)) return STACK_EFFECT.unary;
  // Divisions and remainders of whole numbers.
  if ((code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82)) {
    return STACK_EFFECT.slowBinary;
  }
  // Floating point: of one number, of two.
  if ((code >= 0x8b && code <= 0x91) || (code >= 0x99 && code <= 0x9f)) {
    return STACK_EFFECT.slowUnary;
  }
  if (code >= 0x92) return STACK_EFFECT.slowBinary;
  return STACK_EFFECT.binary;
}

function readBulk(reader: ByteReader): Instruction {
  const code = reader.u32();
  // Conversions that saturate.
  if (code <= 7) return STACK_EFFECT.unary;
  switch (code) {
    case 8: // memory.init
      reader.u32();
      readTheMemory(reader);
      return BULK_BYTES;
    case 10: // memory.copy
      readTheMemory(reader);
      readTheMemory(reader);
      return BULK_BYTES;
    case 11: // memory.fill
      readTheMemory(reader);
      return BULK_BYTES;
    case 12: // table.init
    case 14: // table.copy
      reader.u32();
      reader.u32();
      return BULK_ELEMENTS;
    case 15: // table.grow
      reader.u32();
      return TABLE_GROW;
    case 17: // table.fill
      reader.u32();
      return BULK_ELEMENTS;
    case 9: // data.drop
    case 13: // elem.drop
      reader.u32();
      return STACK_EFFECT.nothing;
    case 16: // table.size
      reader.u32();
      return STACK_EFFECT.push;
    default:
      return refuse(`an unknown instruction 0xfc ${code}`);
  }
}

/** Nothing, one value type, or the number of a function type. */
function blockType(reader: ByteReader): BlockType {
  const code = reader.bytes[reader.at];
  const isOneByte = code !== undefined && (code & 0xc0) === 0x40;
  if (isOneByte) {
    if (code !== 0x40 && !VALUE_TYPES.has(code)) refuse(`a block of unknown type ${hex(code)}`);
    reader.byte();
    return code === 0x40 ? "nothing" : "value";
  }
  // A signed number of 33 bits, of which a type's number is never negative.
  return reader.u32();
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`;
}
