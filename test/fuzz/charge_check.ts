/**
 * Looks into a metered module for what the meter is to have put there: behind each entry of a function
 * and each head of a loop, and before each instruction that works on many items, grows memory or may
 * leave for the host, stands a fuel cost that traps once the counter is below zero. Those of entries and
 * loops together pay for all that the function had in it.
 */
import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import { type DecodedModule, decodeModule } from "../../host/plugins/sandbox/decode.ts";
import {
  type Instruction,
  readInstruction,
  valueType,
} from "../../host/plugins/sandbox/instruction.ts";
import { unsigned } from "./leb.ts";

/** Which fuel cost is asked for. */
type FuelCost = "fixed" | "bytes" | "elements";

/** What is missing of a module that was metered; nothing is the rule. */
export function missingCharges(original: Uint8Array, metered: Uint8Array): string[] {
  const { bodies } = decodeModule(original);
  const module = decodeModule(metered);
  const charges = new ChargeReader(module);
  const imported = module.imports.filter(({ kind }) => kind === "function").length;
  return module.bodies.flatMap((whole, i) => {
    const faults: string[] = [];
    const pay = (at: number, what: string): number => {
      const paid = charges.paidAt(whole.bytes, at);
      if (paid === undefined) faults.push(`${what} of function ${i} is gone through for nothing`);
      return paid ?? 0;
    };
    const body = pastLocals(whole);
    let paid = pay(body.at, "entry");
    while (!body.done) {
      const { at } = body;
      const instruction = readInstruction(body);
      const place = `${instruction.kind} at ${at - whole.at}`;
      if (instruction.kind === "loop") paid += pay(body.at, place);
      const wanted = chargeBefore(instruction, imported);
      if (wanted !== undefined && !charges.standsBefore(wanted, { bytes: whole.bytes, at })) {
        faults.push(`${place} of function ${i} is run for nothing`);
      }
    }
    const count = instructionsIn(bodies[i]!);
    if (paid < count) faults.push(`function ${i} pays ${paid} for ${count} instructions`);
    return faults;
  });
}

function pastLocals(whole: ByteReader): ByteReader {
  const body = new ByteReader(whole.bytes, whole.at, whole.end);
  for (let groups = body.u32(); groups > 0; groups--) {
    body.u32();
    valueType(body);
  }
  return body;
}

function instructionsIn(whole: ByteReader): number {
  const body = pastLocals(whole);
  let count = 0;
  for (; !body.done; count++) readInstruction(body);
  return count;
}

function chargeBefore(instruction: Instruction, imported: number): FuelCost | undefined {
  switch (instruction.kind) {
    case "call":
      return instruction.index < imported ? "fixed" : undefined;
    case "grow":
    case "indirect":
      return "fixed";
    case "bulk":
      return instruction.items;
    default:
      return undefined;
  }
}

/** Bytes of the longest fuel cost: seven numbers of up to five bytes each, and what stands between. */
const CHARGE_BYTES_MAX = 64;

/** Knows fuel costs by their bytes, whose counter is the last global of the module. */
class ChargeReader {
  readonly #entry: RegExp;
  readonly #ends: Readonly<Record<FuelCost, RegExp>>;

  constructor({ globals }: DecodedModule) {
    const counter = Uint8Array.from(unsigned(Math.max(0, globals - 1))).toHex();
    const number = "(?:[89a-f][0-9a-f])*[0-7][0-9a-f]";
    // It is taken away; where that leaves less than nothing, it traps.
    const taken = `7d24${counter}23${counter}4200530440000b`;
    const items = `22${number}23${counter}20${number}ad`;
    this.#entry = new RegExp(`^23${counter}42(${number})${taken}`);
    this.#ends = {
      fixed: new RegExp(`23${counter}42${number}${taken}$`),
      bytes: new RegExp(`${items}420388${taken}$`),
      elements: new RegExp(`${items}42${number}7e${taken}$`),
    };
  }

  /** What is paid by the fuel cost that begins there; undefined if there is none. */
  paidAt(bytes: Uint8Array, at: number): number | undefined {
    const number = this.#entry.exec(bytes.subarray(at, at + CHARGE_BYTES_MAX).toHex())?.[1];
    return number === undefined ? undefined : new ByteReader(Uint8Array.fromHex(number)).u32();
  }

  /** Whether such a fuel cost ends there. */
  standsBefore(fuelCost: FuelCost, { bytes, at }: { bytes: Uint8Array; at: number }): boolean {
    const before = bytes.subarray(Math.max(0, at - CHARGE_BYTES_MAX), at);
    return this.#ends[fuelCost].test(before.toHex());
  }
}
