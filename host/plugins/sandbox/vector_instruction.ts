/** Instructions of vectors: Core Specification 2.0, chapter 5.4.9. */
import { type ByteReader, refuse } from "./byte_reader.ts";
import { type Plain, STACK_EFFECT } from "./stack_effect.ts";
import { readMemoryAccess } from "./memory_access.ts";
import { unknownVector } from "./unknown_instruction.ts";

/** Numbers of `replace_lane`. */
const LANE_REPLACEMENTS: ReadonlySet<number> = new Set([23, 26, 28, 30, 32, 34]);
/** From here on, most instructions of vectors are floating-point arithmetic. */
const FLOAT_VECTORS = 224;
/** Instructions of one vector, or one number: splats, tests, conversions, absolute values and their like. */
const VECTOR_UNARY: ReadonlySet<number> = new Set([
  ...[
    15,
    16,
    17,
    18,
    19,
    20,
    77,
    83,
    94,
    95,
    96,
    97,
    98,
    99,
    100,
    103,
    104,
    105,
    106,
    116,
    117,
    122,
  ],
  ...[124, 125, 126, 127, 128, 129, 131, 132, 135, 136, 137, 138, 148, 160, 161, 163, 164],
  ...[167, 168, 169, 170, 192, 193, 195, 196, 199, 200, 201, 202, 224, 225, 227, 236, 237, 239],
  ...[248, 249, 250, 251, 252, 253, 254, 255],
]);

/** Reads what follows the prefix. @throws {DecodeError} */
export function readVector(reader: ByteReader): Plain {
  const code = reader.u32();
  // Loads of whole vectors; loads with zeros behind.
  if (code <= 10 || code === 92 || code === 93) return readMemoryAccess(reader, STACK_EFFECT.unary);
  if (code === 11) return readMemoryAccess(reader, STACK_EFFECT.store);
  if (code === 12 || code === 13) {
    // A constant, a shuffle.
    reader.skip(16);
    return code === 12 ? STACK_EFFECT.push : STACK_EFFECT.binary;
  }
  if (code >= 21 && code <= 34) {
    // One lane, taken out or put in.
    reader.byte();
    return LANE_REPLACEMENTS.has(code) ? STACK_EFFECT.binary : STACK_EFFECT.unary;
  }
  if (code >= 84 && code <= 91) {
    // One lane, loaded or stored.
    readMemoryAccess(reader, STACK_EFFECT.binary);
    reader.byte();
    return code < 88 ? STACK_EFFECT.binary : STACK_EFFECT.store;
  }
  if (code > 255) refuse(unknownVector(code));
  const slow = code >= FLOAT_VECTORS;
  if (code === 82) return STACK_EFFECT.ternary;
  if (VECTOR_UNARY.has(code)) return slow ? STACK_EFFECT.slowUnary : STACK_EFFECT.unary;
  return slow ? STACK_EFFECT.slowBinary : STACK_EFFECT.binary;
}
