import type { FunctionType } from "./decode.ts";
import type { BlockType, Instruction } from "./instruction.ts";

/** What types a function's instructions refer to. */
export interface ModuleTypes {
  /** By their numbers. */
  readonly types: readonly FunctionType[];
  /** Of each function, by its number. */
  readonly functions: readonly FunctionType[];
}

/** A block that is open, or the function itself. */
interface Frame {
  /** Values below it. */
  readonly base: number;
  readonly parameters: number;
  readonly results: number;
  readonly isLoop: boolean;
}

type Arity = Pick<FunctionType, "parameters" | "results">;

/** Of blocks without a type; and of what there is not, which validation refuses. */
const NOTHING: Arity = { parameters: 0, results: 0 };
const VALUE: Arity = { parameters: 0, results: 1 };

/**
 * How many values lie on a function's operand stack, instruction by instruction: in code that can
 * be reached as many as validation finds there, in other code no fewer than an engine has in mind.
 */
export class OperandStack {
  readonly #module: ModuleTypes;
  readonly #frames: Frame[];
  #height = 0;
  /** Values below the innermost block. */
  #base = 0;

  /** The empty stack of a function with so many results. */
  constructor(module: ModuleTypes, { results }: Pick<FunctionType, "results">) {
    this.#module = module;
    this.#frames = [{ base: 0, parameters: 0, results, isLoop: false }];
  }

  /** Values on it. */
  get height(): number {
    return this.#height;
  }

  /**
   * Takes values from it, and puts others there. Behind a branch that is always taken there is as much
   * to take as one likes.
   */
  move(pops: number, pushes: number): void {
    const left = this.#height - pops;
    this.#height = (left < this.#base ? this.#base : left) + pushes;
  }

  /** Takes up an instruction; how many values it hands on as a type says, and not one by one. */
  step(instruction: Instruction): number {
    const frame = this.#frames.at(-1)!;
    switch (instruction.kind) {
      case "plain":
      case "bulk":
        this.move(instruction.pops, instruction.pushes);
        return 0;
      case "grow":
        this.move(1, 1);
        return 0;
      case "leave":
        this.#height = frame.base;
        return 0;
      case "branch":
        if (instruction.conditional) this.move(1, 0);
        else this.#height = frame.base;
        return this.#taken(instruction.depth);
      case "table":
        this.#height = frame.base;
        return (1 + instruction.targets) * this.#taken(instruction.depth);
      case "call":
        return this.#call(this.#module.functions[instruction.index] ?? NOTHING);
      case "indirect":
        this.move(1, 0);
        return this.#call(this.#module.types[instruction.type] ?? NOTHING);
      case "if":
        this.move(1, 0);
        return this.#open(instruction.type, false);
      case "block":
        return this.#open(instruction.type, false);
      case "loop":
        return this.#open(instruction.type, true);
      case "else":
        this.#height = frame.base + frame.parameters;
        return frame.parameters + frame.results;
      case "end":
        this.#frames.pop();
        this.#base = this.#frames.at(-1)?.base ?? 0;
        this.#height = frame.base + frame.results;
        return frame.results;
    }
  }

  #call({ parameters, results }: Arity): number {
    this.move(parameters, results);
    return parameters + results;
  }

  #open(type: BlockType, isLoop: boolean): number {
    const { parameters, results } = this.#arity(type);
    this.move(parameters, parameters);
    this.#base = this.#height - parameters;
    this.#frames.push({ base: this.#base, parameters, results, isLoop });
    return parameters + results;
  }

  #arity(type: BlockType): Arity {
    if (type === "nothing") return NOTHING;
    return type === "value" ? VALUE : this.#module.types[type] ?? NOTHING;
  }

  /** What a branch to that block takes along. */
  #taken(depth: number): number {
    const frame = this.#frames.at(-1 - depth);
    if (!frame) return 0;
    return frame.isLoop ? frame.parameters : frame.results;
  }
}
