/**
 * How far below zero the counter of fuel can be: each fuel cost looks at it before what it pays for runs,
 * and nothing runs once it is below. So it is as far as one fuel cost goes.
 */
import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import { decodeModule } from "../../host/plugins/sandbox/decode.ts";
import {
  type Instruction,
  readInstruction,
  valueType,
} from "../../host/plugins/sandbox/instruction.ts";

/** What asking for memory costs, the dearest of what has a price of its own. */
const PRICE_MAX = 10_000n;
/**
 * Most instructions have a byte at least and cost one, a division has one and costs 20, `table.set` has
 * two and costs 50. That makes 25 a byte, and one for the function or the loop.
 */
const COST_PER_BYTE_MAX = 25n;
/** By the number on top of the stack, without a sign: fifty for an element, one for eight bytes. */
const BY_ITEMS = { elements: 50n * 0xffff_ffffn, bytes: 0xffff_ffffn >> 3n } as const;

/** What one fuel cost of this module can take. */
export function chargeMax(bytes: Uint8Array): bigint {
  let most = PRICE_MAX;
  for (const body of decodeModule(bytes).bodies) {
    const length = BigInt(body.end - body.at);
    most = larger(most, 1n + COST_PER_BYTE_MAX * length);
    for (const instruction of instructionsOf(body)) {
      if (instruction.kind === "bulk") most = larger(most, BY_ITEMS[instruction.items]);
    }
  }
  return most;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function* instructionsOf(whole: ByteReader): Iterable<Instruction> {
  const body = new ByteReader(whole.bytes, whole.at, whole.end);
  for (let groups = body.u32(); groups > 0; groups--) {
    body.u32();
    valueType(body);
  }
  while (!body.done) yield readInstruction(body);
}
