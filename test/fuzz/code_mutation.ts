/** Changes of one function's body that mostly leave it one. */
import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import type { Random } from "../crash/random.ts";
import { mutateBytes } from "./byte_mutation.ts";
import { CodeWriter } from "./code_writer.ts";
import { edgeU32 } from "./edge.ts";
import { U32_BYTES_MAX, unsigned } from "./leb.ts";
import { anyBody, type ModuleDraft, type Mutation, typeOfBody } from "./module_draft.ts";
import { ALIKE, TYPE } from "./operator.ts";
import { snippet } from "./snippet.ts";
import { type CutBody, cutBody, type PlacedInstruction, spliced } from "./wasm_body.ts";

/** A body that is looked at as instructions. */
interface OpenBody extends CutBody {
  readonly draft: ModuleDraft;
  readonly random: Random;
  readonly index: number;
  readonly body: Uint8Array;
}

/** What stands in the place of the bytes from one point to another; undefined to leave all as it is. */
type Change = { readonly from: number; readonly to: number; readonly by: ArrayLike<number> };

/** A mutation of a body that can be cut. */
function onBody(change: (open: OpenBody) => Change | undefined): Mutation {
  return (draft, random) => {
    const found = anyBody(draft, random);
    if (!found) return;
    const { code, index } = found;
    const body = code.items[index]!;
    const cut = cutBody(body);
    if (!cut || cut.instructions.length === 0) return;
    const made = change({ ...cut, draft, random, index, body });
    if (made) code.items[index] = spliced(body, made);
  };
}

/** One of the instructions that are asked for. */
function pick(
  { instructions, random }: OpenBody,
  fits: (instruction: PlacedInstruction) => boolean,
): PlacedInstruction | undefined {
  const fitting = instructions.filter(fits);
  return fitting.length === 0 ? undefined : random.oneOf(fitting);
}

/** Code that was not there, between two instructions. */
export const insertSnippet = onBody(({ draft, index, locals, instructions, random }) => {
  const type = typeOfBody(draft, index);
  if (!type) return undefined;
  const place = {
    facts: draft.facts,
    locals: [...type.parameters, ...locals],
    results: type.results,
  };
  // What stands first runs most.
  const { at } = random.below(2) === 0 ? instructions[0]! : random.oneOf(instructions);
  return { from: at, to: at, by: snippet(random, place) };
});

/** An operator in the place of another that takes and gives the same. */
export const swapOperator = onBody((body) => {
  const { random } = body;
  const found = pick(body, ({ code }) => ALIKE.has(code));
  return found &&
    { from: found.at, to: found.at + 1, by: [random.oneOf(ALIKE.get(found.code)!)] };
});

/** First bytes of instructions that are followed by the same. */
const LAYOUTS: readonly (readonly number[])[] = [
  [0x00, 0x01, 0x0f, 0x1a, 0x1b, 0xd1, ...Array.from({ length: 0x80 }, (_, i) => 0x45 + i)],
  [0x02, 0x03, 0x04],
  [0x0c, 0x0d, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0xd2],
  [0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f, 0x30, 0x33, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3e],
];

/** An instruction in the place of another that is followed by the same. */
export const swapInstruction = onBody((body) => {
  const { random } = body;
  const layout = random.oneOf(LAYOUTS);
  const found = pick(body, ({ code }) => layout.includes(code));
  return found && { from: found.at, to: found.at + 1, by: [random.oneOf(layout)] };
});

const CONSTANTS = new Map<number, number>([
  [0x41, TYPE.i32],
  [0x42, TYPE.i64],
  [0x43, TYPE.f32],
  [0x44, TYPE.f64],
]);

/** Another constant of the same type. */
export const changeConstant = onBody((body) => {
  const { random } = body;
  const found = pick(body, ({ code }) => CONSTANTS.has(code));
  if (!found) return undefined;
  const place = { facts: body.draft.facts, locals: [], results: [] };
  const by = new CodeWriter(random, place).constant(CONSTANTS.get(found.code)!);
  return { from: found.at, to: found.end, by };
});

/** Another local, global, function, depth of a branch, or offset. */
export const changeIndex = onBody((body) => {
  const { random } = body;
  const found = pick(body, ({ at, end, code }) => {
    return end - at >= 2 && !CONSTANTS.has(code) && code < 0xfc;
  });
  if (!found) return undefined;
  const { from, to } = lastNumber(body.body, found);
  const value = random.below(3) === 0 ? edgeU32(random) : random.below(12);
  return { from, to, by: unsigned(value, random.below(20) === 0 ? U32_BYTES_MAX : 1) };
});

function lastNumber(
  body: Uint8Array,
  { at, end }: PlacedInstruction,
): { from: number; to: number } {
  let from = end - 1;
  while (from - 1 > at && body[from - 1]! >= 0x80) from--;
  return { from, to: end };
}

/** Some instructions less, or twice, or those of another place. */
export const moveInstructions = onBody(({ body, instructions, random }) => {
  const first = random.below(instructions.length);
  const last = Math.min(instructions.length - 1, first + random.below(4));
  const [from, to] = [instructions[first]!.at, instructions[last]!.end];
  const other = random.oneOf(instructions);
  switch (random.below(3)) {
    case 0:
      return { from, to, by: [] };
    case 1:
      return { from: to, to, by: body.subarray(from, to) };
    default:
      return { from: other.at, to: other.at, by: body.subarray(from, to) };
  }
});

/** Locals that were not there, very many of them now and then. */
export const addLocals = onBody(({ body, random }) => {
  const reader = new ByteReader(body);
  const groups = reader.u32();
  const count = random.below(4) === 0 ? edgeU32(random) : random.below(300);
  const type = random.oneOf([...Object.values(TYPE), 0x70, 0x6f, random.below(256)]);
  // In front of the others, whose numbers change by it.
  return { from: 0, to: reader.at, by: [...unsigned(groups + 1), ...unsigned(count), type] };
});

/** Blocks or loops around an instruction, up to more than may be nested. */
export const nest = onBody((body) => {
  const { random } = body;
  const found = pick(body, ({ kind }) => kind === "plain");
  if (!found) return undefined;
  const depth = random.below(30) === 0 ? 990 + random.below(30) : 1 + random.below(20);
  const opened = Array.from({ length: depth }, () => [random.oneOf([0x02, 0x03]), 0x40]).flat();
  // Empty ones, so that the instruction still finds its operands.
  return { from: found.at, to: found.at, by: [...opened, ...new Array(depth).fill(0x0b)] };
});

/** A body of another function in the place of one, or in the middle of it. */
export const splice = onBody(({ draft, body, instructions, random }) => {
  const donors = random.below(3) === 0 ? random.oneOf(draft.seeds).parts : draft.parts;
  const bodies = donors.find(({ id }) => id === 10)?.items ?? [];
  if (bodies.length === 0) return undefined;
  const donor = random.oneOf(bodies);
  if (random.below(2) === 0) return { from: 0, to: body.length, by: donor };
  const pieces = cutBody(donor)?.instructions ?? [];
  if (pieces.length === 0) return undefined;
  const first = random.below(pieces.length);
  const last = Math.min(pieces.length - 1, first + random.below(12));
  const { at } = random.oneOf(instructions);
  return { from: at, to: at, by: donor.subarray(pieces[first]!.at, pieces[last]!.end) };
});

/** Bytes of a body changed blindly; its size is right all the same. */
export const blindBody: Mutation = (draft, random) => {
  const found = anyBody(draft, random);
  if (!found) return;
  const { code, index } = found;
  code.items[index] = mutateBytes(code.items[index]!, random);
};
