/** How instructions name the memory: there is one, and it is not named. */
import { type ByteReader, refuse } from "./byte_reader.ts";
import { without } from "./compiler_flag.ts";
import type { Plain } from "./stack_effect.ts";

/** Passes over alignment and offset. @throws {DecodeError} */
export function readMemoryAccess(reader: ByteReader, effect: Plain): Plain {
  // A sixth bit of the alignment says that a memory's number follows.
  if (reader.u32() >= 64) refuse(`an access to a further memory: ${without("several memories")}`);
  // Since there are memories of 64 bits, engines read longer ones.
  reader.u32(refuse);
  return effect;
}

/** Passes over the number of the memory. @throws {DecodeError} */
export function readTheMemory(reader: ByteReader): void {
  if (reader.byte() !== 0) refuse(`an access to a further memory: ${without("several memories")}`);
}
