/**
 * The instructions that plugins may have, and how each is laid out: Core Specification 2.0, chapter
 * 5.4, and no proposal beyond it. Threads, exceptions, tail calls, collected objects, several or 64-bit
 * memories and relaxed vectors are unknown here, and so refused.
 */
import { type ByteReader, refuse } from "./byte_reader.ts";

/** What an instruction means for metering. */
export type Instruction =
  | { readonly kind: "plain" | "block" | "loop" | "else" | "end" | "grow" | "indirect" }
  | { readonly kind: "call"; readonly index: number }
  | { readonly kind: "table"; readonly targets: number }
  /** Works on as many items as the number on top of the stack says. */
  | { readonly kind: "bulk"; readonly items: "bytes" | "elements" };

const PLAIN: Instruction = { kind: "plain" };
const BLOCK: Instruction = { kind: "block" };
const LOOP: Instruction = { kind: "loop" };
const ELSE: Instruction = { kind: "else" };
const END: Instruction = { kind: "end" };
const GROW: Instruction = { kind: "grow" };
const INDIRECT: Instruction = { kind: "indirect" };
const BULK_BYTES: Instruction = { kind: "bulk", items: "bytes" };
const BULK_ELEMENTS: Instruction = { kind: "bulk", items: "elements" };

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
  // Numbers: comparisons, arithmetic, conversions, sign extensions.
  if (code >= 0x45 && code <= 0xc4) return PLAIN;
  if (code >= 0x28 && code <= 0x3e) return memoryAccess(reader);
  switch (code) {
    case 0x00: // unreachable
    case 0x01: // nop
    case 0x0f: // return
    case 0x1a: // drop
    case 0x1b: // select
    case 0xd1: // ref.is_null
      return PLAIN;
    case 0x02: // block
    case 0x04: // if
      blockType(reader);
      return BLOCK;
    case 0x03: // loop
      blockType(reader);
      return LOOP;
    case 0x05:
      return ELSE;
    case 0x0b:
      return END;
    case 0x0c: // br
    case 0x0d: // br_if
    case 0x20: // local.get
    case 0x21: // local.set
    case 0x22: // local.tee
    case 0x23: // global.get
    case 0x24: // global.set
    case 0x25: // table.get
    case 0x26: // table.set
    case 0xd2: // ref.func
      reader.u32();
      return PLAIN;
    case 0x0e: { // br_table
      const targets = reader.u32();
      for (let left = targets; left >= 0; left--) reader.u32();
      return { kind: "table", targets };
    }
    case 0x10: // call
      return { kind: "call", index: reader.u32() };
    case 0x11: // call_indirect
      reader.u32();
      reader.u32();
      return INDIRECT;
    case 0x1c: // select with types
      reader.list(1, "types of a select", () => valueType(reader));
      return PLAIN;
    case 0x3f: // memory.size
      theMemory(reader);
      return PLAIN;
    case 0x40: // memory.grow
      theMemory(reader);
      return GROW;
    case 0x41: // i32.const
      reader.skipNumber(32);
      return PLAIN;
    case 0x42: // i64.const
      reader.skipNumber(64);
      return PLAIN;
    case 0x43: // f32.const
      reader.skip(4);
      return PLAIN;
    case 0x44: // f64.const
      reader.skip(8);
      return PLAIN;
    case 0xd0: // ref.null
      referenceType(reader);
      return PLAIN;
    case 0xfc:
      return readBulk(reader);
    case 0xfd:
      return readVector(reader);
    default:
      return refuse(NAMES.get(code) ?? `an unknown instruction ${hex(code)}`);
  }
}

/** What is known by name, so that a refusal says more than a number. */
const NAMES: ReadonlyMap<number, string> = new Map([
  ...[0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f].map((code): [number, string] => [
    code,
    "an instruction of exception handling",
  ]),
  ...[0x12, 0x13, 0x15].map((code): [number, string] => [code, "a tail call"]),
  [0x14, "a call by reference"],
  ...[0xd3, 0xd4, 0xd5, 0xd6, 0xfb].map((code): [number, string] => [
    code,
    "an instruction of garbage collection",
  ]),
  [0xfe, "an instruction of threads"],
]);

function readBulk(reader: ByteReader): Instruction {
  const code = reader.u32();
  // Conversions that saturate.
  if (code <= 7) return PLAIN;
  switch (code) {
    case 8: // memory.init
      reader.u32();
      theMemory(reader);
      return BULK_BYTES;
    case 10: // memory.copy
      theMemory(reader);
      theMemory(reader);
      return BULK_BYTES;
    case 11: // memory.fill
      theMemory(reader);
      return BULK_BYTES;
    case 12: // table.init
    case 14: // table.copy
      reader.u32();
      reader.u32();
      return BULK_ELEMENTS;
    case 15: // table.grow
    case 17: // table.fill
      reader.u32();
      return BULK_ELEMENTS;
    case 9: // data.drop
    case 13: // elem.drop
    case 16: // table.size
      reader.u32();
      return PLAIN;
    default:
      return refuse(`an unknown instruction 0xfc ${code}`);
  }
}

function readVector(reader: ByteReader): Instruction {
  const code = reader.u32();
  // Loads and the store, of whole vectors; loads with zeros behind.
  if (code <= 11 || code === 92 || code === 93) return memoryAccess(reader);
  // A constant, a shuffle.
  if (code === 12 || code === 13) reader.skip(16);
  // One lane, taken out or put in.
  else if (code >= 21 && code <= 34) reader.byte();
  // One lane, loaded or stored.
  else if (code >= 84 && code <= 91) {
    memoryAccess(reader);
    reader.byte();
  } else if (code > 255) refuse("an instruction of relaxed vectors");
  return PLAIN;
}

function memoryAccess(reader: ByteReader): Instruction {
  // A sixth bit of the alignment says that a memory's number follows.
  if (reader.u32() >= 64) refuse("an access to a further memory");
  reader.u32();
  return PLAIN;
}

function theMemory(reader: ByteReader): void {
  if (reader.byte() !== 0) refuse("an access to a further memory");
}

/** Nothing, one value type, or the number of a function type. */
function blockType(reader: ByteReader): void {
  const code = reader.bytes[reader.at];
  const isOneByte = code !== undefined && (code & 0xc0) === 0x40;
  if (isOneByte && code !== 0x40 && !VALUE_TYPES.has(code)) {
    refuse(`a block of unknown type ${hex(code)}`);
  }
  reader.skipNumber(33);
}

function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, "0")}`;
}
