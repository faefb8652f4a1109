/**
 * Where fuel is taken in a function, and how much: prices by what things were measured to take, about
 * a nanosecond a unit.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import type { ValidationCost } from "./validation_cost.ts";
import { type ByteReader, malformed, refuse } from "./byte_reader.ts";
import type { FunctionType } from "./decode.ts";
import { readInstruction } from "./instruction.ts";
import { type ModuleTypes, OperandStack } from "./operand_stack.ts";

/** What a call costs that the host may have to answer. */
const HOST_CALL_COST = 500;
/** What it costs to move a byte or a word between a plugin and a block of Extism's: about 60 ns. */
const MOVE_COST = 50;
const MOVES = /^(input_)?(load|store)_u(8|64)$|^(input_)?length(_unsafe)?$|^input_offset$/;
/** What it costs to ask for memory; that it is bounded is seen to by its maximum. */
const GROW_COST = 10_000;
/** What an instruction over many bytes or elements costs before the first. */
const BULK_COST = 20;
/** What a way out of many costs: no processor foresees it, and no cache has it. */
const TABLE_BRANCH_COST = 20;
/** What the instructions that charge fuel cost the engine to validate, in values; the fork in them is extra. */
const CHARGE_VALUES = 16;

/** What a call of an imported function costs. */
export function importCost(name: string): number {
  return MOVES.test(name) ? MOVE_COST : HOST_CALL_COST;
}

/** What a function is charged with. */
export interface FuelContext {
  readonly module: ModuleTypes;
  /** What a call of each imported function costs. */
  readonly importCosts: readonly number[];
  /** What the module has cost so far. */
  readonly validationCost: ValidationCost;
  /** The function's own type. */
  readonly own: FunctionType;
  /** Its locals, parameters among them. */
  readonly locals: number;
}

/** Where fuel is taken. */
export interface FuelCost {
  /** Before the byte that stands there. */
  readonly at: number;
  /** A cost that is known, or how much of what the number on top of the stack counts a unit is. */
  cost: number;
  readonly by?: "bytes" | "elements";
}

/** Everything of a body that fuel is taken for, in its order. @throws {DecodeError} */
export function fuelCostsOf(body: ByteReader, context: FuelContext): FuelCost[] {
  const { module, importCosts, validationCost, own, locals } = context;
  const stack = new OperandStack(module, own);
  const entry: FuelCost = { at: body.at, cost: 1 };
  const fuelCosts = [entry];
  /** Of each block that is open, the fuel cost that what it holds belongs to. */
  const open = [entry];
  let targets = 0;
  /** Ways part here, or meet. */
  const fork = () => validationCost.add(locals + stack.height);
  const take = (fuelCost: FuelCost) => {
    fuelCosts.push(fuelCost);
    validationCost.add(CHARGE_VALUES);
    fork();
    return fuelCost;
  };
  fork();
  while (open.length > 0) {
    const { at } = body;
    const instruction = readInstruction(body);
    const fuelCost = open[open.length - 1]!;
    // Nine of ten are plain, and half of what metering takes.
    if (instruction.kind === "plain") {
      fuelCost.cost += instruction.times;
      stack.move(instruction.pops, instruction.pushes);
      continue;
    }
    fuelCost.cost++;
    const handed = stack.step(instruction);
    if (handed > 0) validationCost.add(handed);
    switch (instruction.kind) {
      case "block":
      case "if":
        fork();
        open.push(fuelCost);
        break;
      case "loop":
        fork();
        open.push(take({ at: body.at, cost: 1 }));
        break;
      case "end":
        open.pop();
        break;
      // What costs much is charged where it stands: most calls of a function do not come by there.
      case "call": {
        const cost = importCosts[instruction.index];
        if (cost !== undefined) take({ at, cost });
        break;
      }
      case "indirect":
        take({ at, cost: HOST_CALL_COST });
        break;
      case "grow":
        take({ at, cost: GROW_COST });
        break;
      case "bulk":
        fuelCost.cost += BULK_COST;
        take({ at, cost: 0, by: instruction.items });
        break;
      case "table":
        fork();
        fuelCost.cost += TABLE_BRANCH_COST;
        targets += instruction.targets;
        if (targets > LIMITS.branchTargetsMax) {
          refuse(`more than ${LIMITS.branchTargetsMax} targets of br_table in a function`);
        }
        break;
      case "branch":
      case "else":
        fork();
        break;
      case "leave":
        break;
    }
    if (open.length > LIMITS.nestingMax) refuse(`blocks nested deeper than ${LIMITS.nestingMax}`);
  }
  if (!body.done) malformed("bytes behind the end of a function");
  return fuelCosts;
}
