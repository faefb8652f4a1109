import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import { type Instruction, readInstruction } from "../../host/plugins/sandbox/instruction.ts";

/** Where an instruction stands within its body, and what it is. */
export interface PlacedInstruction {
  readonly at: number;
  readonly end: number;
  /** Its first byte. */
  readonly code: number;
  readonly kind: Instruction["kind"];
}

/** A function's body, cut into its locals and its instructions. */
export interface CutBody {
  /** Types of its locals beside its parameters, of so many as can matter. */
  readonly locals: readonly number[];
  readonly instructions: readonly PlacedInstruction[];
}

/** More locals than this are of no use to whoever makes code at random. */
const LOCALS_MAX = 64;

const known = new WeakMap<Uint8Array, CutBody | undefined>();

/** Cuts a body; undefined where it is none any more. */
export function cutBody(body: Uint8Array): CutBody | undefined {
  if (!known.has(body)) known.set(body, cutAnew(body));
  return known.get(body);
}

function cutAnew(body: Uint8Array): CutBody | undefined {
  try {
    const reader = new ByteReader(body);
    const locals: number[] = [];
    for (let groups = reader.u32(); groups > 0; groups--) {
      const count = reader.u32();
      const type = reader.byte();
      for (let i = 0; i < count && locals.length < LOCALS_MAX; i++) locals.push(type);
    }
    const instructions: PlacedInstruction[] = [];
    while (!reader.done) {
      const { at } = reader;
      const { kind } = readInstruction(reader);
      instructions.push({ at, end: reader.at, code: body[at]!, kind });
    }
    return { locals, instructions };
  } catch {
    return undefined;
  }
}

/** The body with these bytes in the place of those from `from` to `to`. */
export function spliced(
  body: Uint8Array,
  { from, to, by }: { readonly from: number; readonly to: number; readonly by: ArrayLike<number> },
): Uint8Array {
  const out = new Uint8Array(body.length - (to - from) + by.length);
  out.set(body.subarray(0, from));
  out.set(by, from);
  out.set(body.subarray(to), from + by.length);
  return out;
}
