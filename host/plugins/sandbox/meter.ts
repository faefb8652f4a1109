/**
 * Fuel: rewrites a module so that it can neither run nor grow without bound.
 *
 * Every way through a module that does not end comes by the head of a loop or the entry of a function
 * again and again. Each of them takes the cost of what lies behind it, up to the next one, from a counter
 * that the module did not have, and traps once the counter is below zero. Instructions that work on as
 * much as a number says are charged by that number before they run; calls that may leave for the host
 * cost as much as the host's side of them. Memory and tables get maxima.
 *
 * Invariants
 * - The module has been decoded, so every instruction is known. The original is validated by whoever
 *   runs the result: a module that names a global which it has not would otherwise name the counter.
 * - Nothing of the module can name the counter: its number is the first behind the module's own, and its
 *   export is a name that no plugin may have.
 * - Numbers of functions, types, tables, globals and locals stay what they were.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import { ValidationCost } from "./validation_cost.ts";
import { ByteReader, refuse } from "./byte_reader.ts";
import { ByteWriter } from "./byte_writer.ts";
import { type FuelContext, type FuelCost, fuelCostsOf, importCost } from "./fuel_cost.ts";
import { type DecodedModule, type Extent, MAGIC, SECTION, SECTION_ORDER } from "./decode.ts";
import { valueType } from "./instruction.ts";

/** The export by which the host fills the counter and reads it. */
export const FUEL_EXPORT = "_snakepipe_fuel";
/** The export that the start function becomes, where there is one: the host calls it, and sees how it ends. */
export const START_EXPORT = "_snakepipe_start";

/** Bytes that are moved for a unit of fuel, as a power of two. */
const BYTES_SHIFT = 3;
/** What it costs to set an element of a table: about 45 ns. */
const ELEMENT_COST = 50;

const OPCODE = {
  unreachable: 0x00,
  if: 0x04,
  end: 0x0b,
  localGet: 0x20,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i64Const: 0x42,
  i64LessThan: 0x53,
  i64Subtract: 0x7d,
  i64Multiply: 0x7e,
  i64ShiftRight: 0x88,
  i64FromUnsigned: 0xad,
} as const;
const TYPE = { i32: 0x7f, i64: 0x7e, nothing: 0x40 } as const;
const MUTABLE = 1;
const KIND = { function: 0, global: 3 } as const;

/** The module, metered. @throws {DecodeError} on what is beyond the limits or unknown */
export function meterModule(module: DecodedModule): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(2 * sizeOf(module)).raw(MAGIC);
  for (const id of SECTION_ORDER) {
    if (id === SECTION.start) continue;
    const content = rewritten(id, module) ?? module.sections.get(id);
    if (content) out.raw([id]).sized(content);
  }
  return out.take();
}

function sizeOf({ sections }: DecodedModule): number {
  let bytes = MAGIC.length;
  for (const content of sections.values()) bytes += content.length;
  return bytes;
}

/** What a section holds from now on; undefined where it stays as it was. */
function rewritten(id: number, module: DecodedModule): Uint8Array | undefined {
  switch (id) {
    case SECTION.table:
      return module.tables.length === 0 ? undefined : tables(module);
    case SECTION.memory:
      return module.memory && memory(module.memory);
    case SECTION.global: {
      // Empty until the host fills it.
      const counter = new ByteWriter(16).raw([TYPE.i64, MUTABLE, OPCODE.i64Const, 0, OPCODE.end]);
      return appended(module.sections.get(id), counter.take());
    }
    case SECTION.export: {
      const counter = exported(FUEL_EXPORT, KIND.global, module.globals);
      const exports = appended(module.sections.get(id), counter);
      return module.start === undefined
        ? exports
        : appended(exports, exported(START_EXPORT, KIND.function, module.start));
    }
    case SECTION.code:
      return module.bodies.length === 0 ? undefined : code(module);
    default:
      return undefined;
  }
}

function exported(name: string, kind: number, index: number): Uint8Array {
  return new ByteWriter(32).name(name).raw([kind]).u32(index).take();
}

/** A vector with one item more. */
function appended(vector: Uint8Array | undefined, item: Uint8Array): Uint8Array {
  if (!vector) return new ByteWriter(item.length + 1).u32(1).raw(item).take();
  const reader = new ByteReader(vector);
  const count = reader.u32();
  return new ByteWriter(vector.length + item.length + 5)
    .u32(count + 1).raw(vector.subarray(reader.at)).raw(item).take();
}

function tables({ tables }: DecodedModule): Uint8Array {
  const out = new ByteWriter(16 * tables.length).u32(tables.length);
  for (const { type, extent } of tables) {
    out.raw([type]);
    writeExtent(out, extent, LIMITS.tableElementsMax);
  }
  return out.take();
}

function memory(extent: Extent): Uint8Array {
  const out = new ByteWriter(16).u32(1);
  writeExtent(out, extent, LIMITS.guestPagesMax);
  return out.take();
}

function writeExtent(out: ByteWriter, { minimum, maximum }: Extent, bound: number): void {
  out.raw([1]).u32(minimum).u32(Math.min(maximum ?? bound, bound));
}

function code(module: DecodedModule): Uint8Array {
  const { bodies, functions } = module;
  const importCosts = module.imports.filter(({ kind }) => kind === "function")
    .map(({ name }) => importCost(name));
  const validationCost = new ValidationCost();
  const parts = chargeParts(module.globals);
  const bytes = bodies.reduce((sum, body) => sum + body.end - body.at, 0);
  const out = new ByteWriter(2 * bytes).u32(bodies.length);
  bodies.forEach((body, i) => {
    const own = functions[importCosts.length + i]!;
    out.sized(meteredBody(body, { module, importCosts, validationCost, own, parts }));
  });
  return out.take();
}

function meteredBody(
  whole: ByteReader,
  context: Omit<FuelContext, "locals"> & { readonly parts: ChargeParts },
): Uint8Array {
  const { own, parts } = context;
  const body = new ByteReader(whole.bytes, whole.at, whole.end);
  const groups = body.u32();
  const groupsAt = body.at;
  const locals = own.parameters + readLocals(body, groups);
  const codeAt = body.at;
  const fuelCosts = fuelCostsOf(body, { ...context, locals });
  const scratch = fuelCosts.some(({ by }) => by !== undefined);
  const out = new ByteWriter(2 * (body.end - groupsAt));
  out.u32(scratch ? groups + 1 : groups).raw(body.bytes.subarray(groupsAt, codeAt));
  if (scratch) out.u32(1).raw([TYPE.i32]);
  let at = codeAt;
  for (const fuelCost of fuelCosts) {
    out.raw(body.bytes.subarray(at, fuelCost.at));
    at = fuelCost.at;
    writeCharge(out, fuelCost, { parts, scratch: locals });
  }
  return out.raw(body.bytes.subarray(at, body.end)).take();
}

/** How many locals there are beside the parameters. */
function readLocals(body: ByteReader, groups: number): number {
  let locals = 0;
  for (let left = groups; left > 0; left--) {
    locals += body.u32();
    valueType(body);
    if (locals > LIMITS.localsMax) refuse(`more than ${LIMITS.localsMax} locals in a function`);
  }
  return locals;
}

/** What every fuel cost of a module has in it, since its counter is always the same. */
interface ChargeParts {
  /** Puts what is left on the stack. */
  readonly load: Uint8Array;
  /** Takes what lies on the stack from it, and traps where that leaves less than nothing. */
  readonly take: Uint8Array;
}

function chargeParts(counter: number): ChargeParts {
  const load = new ByteWriter(8).raw([OPCODE.globalGet]).u32(counter).take();
  const take = new ByteWriter(32).raw([OPCODE.i64Subtract, OPCODE.globalSet]).u32(counter)
    .raw(load).raw([OPCODE.i64Const, 0, OPCODE.i64LessThan])
    .raw([OPCODE.if, TYPE.nothing, OPCODE.unreachable, OPCODE.end]).take();
  return { load, take };
}

function writeCharge(
  out: ByteWriter,
  { cost, by }: FuelCost,
  { parts: { load, take }, scratch }: { readonly parts: ChargeParts; readonly scratch: number },
): void {
  if (by === undefined) out.raw(load).byte(OPCODE.i64Const).positive(cost);
  else {
    out.byte(OPCODE.localTee).u32(scratch).raw(load);
    out.byte(OPCODE.localGet).u32(scratch).byte(OPCODE.i64FromUnsigned);
    if (by === "bytes") {
      out.byte(OPCODE.i64Const).positive(BYTES_SHIFT).byte(OPCODE.i64ShiftRight);
    } else out.byte(OPCODE.i64Const).positive(ELEMENT_COST).byte(OPCODE.i64Multiply);
  }
  out.raw(take);
}
