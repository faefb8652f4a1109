/**
 * Writes code at random that is in order where it is put: it takes nothing from the stack, leaves there
 * what it was asked for, and names only what its module has. So mutants keep running, and meet
 * instructions that compilers seldom write.
 */
import type { Random } from "../crash/random.ts";
import { edgeBytes, edgeI32, edgeI64, edgeU32 } from "./edge.ts";
import { signed, unsigned } from "./leb.ts";
import type { FunctionType, ModuleFacts } from "./module_facts.ts";
import { type Access, LOADS, type Operator, OPERATORS, STORES, TYPE } from "./operator.ts";

/** Where code stands. */
export interface Place {
  readonly facts: ModuleFacts;
  /** Types of the function's locals, its parameters first. */
  readonly locals: readonly number[];
  /** Types of what the function returns. */
  readonly results: readonly number[];
}

const NUMERIC: readonly number[] = [TYPE.i32, TYPE.i64, TYPE.f32, TYPE.f64, TYPE.v128];
/** Operators by the type that they leave. */
const GIVING = new Map<number, readonly Operator[]>(
  NUMERIC.map((type) => [type, OPERATORS.filter(({ gives }) => gives === type)]),
);
const LOADING = new Map<number, readonly Access[]>(
  NUMERIC.map((type) => [type, LOADS.filter((load) => load.type === type)]),
);
const FUNCREF = 0x70;

/**
 * Writes code at random that is in order where it is put: it takes nothing from the stack, leaves
 * there what it was asked for, and names only what its module has.
 */
export class CodeWriter {
  readonly #random: Random;
  readonly #place: Place;

  constructor(random: Random, place: Place) {
    this.#random = random;
    this.#place = place;
  }

  /** One type of those that numbers have. */
  type(): number {
    return this.#random.oneOf(NUMERIC);
  }

  /** Code that leaves one value of that type. */
  value(type: number, depth: number): number[] {
    const random = this.#random;
    const operators = GIVING.get(type);
    // A reference; there is nothing to it but its type.
    if (!operators) return [0xd0, type];
    if (depth <= 0) return this.#leaf(type);
    const inner = () => this.value(type, depth - 1);
    const condition = () => this.value(TYPE.i32, depth - 1);
    switch (random.below(10)) {
      case 0:
        return this.#leaf(type);
      case 1:
        return [...inner(), ...inner(), ...condition(), ...random.oneOf([[0x1b], [0x1c, 1, type]])];
      case 2:
        return [...condition(), 0x04, type, ...inner(), 0x05, ...inner(), 0x0b];
      case 3:
        return [random.oneOf([0x02, 0x03]), type, ...inner(), 0x0b];
      case 4:
        return this.#load(type, depth) ?? inner();
      case 5:
        return this.#callFor(type, depth) ?? inner();
      case 6:
        return type === TYPE.i32 ? this.#size(depth) : inner();
      default:
        return this.#operator(random.oneOf(operators), depth);
    }
  }

  /** Puts a value before code: a constant, a local, a global. */
  #leaf(type: number): number[] {
    const { locals, facts } = this.#place;
    const own = locals.flatMap((of, i) => of === type ? [[0x20, ...unsigned(i)]] : []);
    const globals = facts.globals.flatMap((g, i) =>
      g.type === type ? [[0x23, ...unsigned(i)]] : []
    );
    const known = [...own, ...globals];
    if (known.length > 0 && this.#random.below(2) === 0) return this.#random.oneOf(known);
    return this.constant(type);
  }

  /** A constant of a type that numbers have. */
  constant(type: number): number[] {
    const random = this.#random;
    switch (type) {
      case TYPE.i32:
        return [0x41, ...signed(edgeI32(random))];
      case TYPE.i64:
        return [0x42, ...signed(edgeI64(random))];
      case TYPE.f32:
        return [0x43, ...edgeBytes(random, 4)];
      case TYPE.f64:
        return [0x44, ...edgeBytes(random, 8)];
      default:
        return [0xfd, 12, ...edgeBytes(random, 16)];
    }
  }

  #operator({ bytes, takes, lanes }: Operator, depth: number): number[] {
    const [below, count] = lanes ?? [0, 0];
    return [
      ...takes.flatMap((type) => this.value(type, depth - 1)),
      ...bytes,
      ...Array.from({ length: count }, () => this.#random.below(below)),
    ];
  }

  #load(type: number, depth: number): number[] | undefined {
    if (!this.#place.facts.memory) return undefined;
    const load = this.#random.oneOf(LOADING.get(type)!);
    return [...this.#address(depth), ...load.bytes, ...this.#reach(load)];
  }

  /** Addresses are mostly within the first page: further ones only trap. */
  #address(depth: number): number[] {
    const near = [0x41, ...signed(BigInt(this.#random.below(60_000)))];
    return this.#random.below(4) === 0 ? this.value(TYPE.i32, depth - 1) : near;
  }

  #reach({ alignMax }: Access): number[] {
    const offset = this.#random.below(8) === 0 ? edgeU32(this.#random) : this.#random.below(64);
    return [...unsigned(this.#random.below(alignMax + 1)), ...unsigned(offset)];
  }

  /** How large something is, or that it grows. */
  #size(depth: number): number[] {
    const { memory, tables } = this.#place.facts;
    const amount = () => this.value(TYPE.i32, depth - 1);
    const sizes: (() => number[])[] = [() => [...amount(), 0x45]];
    if (memory) sizes.push(() => [0x3f, 0], () => [...amount(), 0x40, 0]);
    tables.forEach((type, i) =>
      sizes.push(
        () => [0xfc, 16, ...unsigned(i)],
        () => [0xd0, type, ...amount(), 0xfc, 15, ...unsigned(i)],
        () => [...amount(), 0x25, ...unsigned(i), 0xd1],
      )
    );
    return this.#random.oneOf(sizes)();
  }

  #callFor(type: number, depth: number): number[] | undefined {
    const { functions, types } = this.#place.facts;
    const fitting = functions.flatMap((of, i) => {
      const { results } = types[of]!;
      return results.length === 1 && results[0] === type ? [i] : [];
    });
    return fitting.length === 0 ? undefined : this.#call(this.#random.oneOf(fitting), depth);
  }

  #call(index: number, depth: number): number[] {
    const { functions, types } = this.#place.facts;
    return [...this.values(types[functions[index]!]!.parameters, depth), 0x10, ...unsigned(index)];
  }

  /** Code that leaves values of these types. */
  values(types: readonly number[], depth: number): number[] {
    return types.flatMap((type) => this.value(type, depth - 1));
  }

  /** A call of any function, its results dropped. */
  call(depth: number): number[] {
    const { functions, types, imported } = this.#place.facts;
    if (functions.length === 0) return [];
    // The host's side is what is to be shaken most.
    const end = imported > 0 && this.#random.below(2) === 0 ? imported : functions.length;
    const index = this.#random.below(end);
    return [...this.#call(index, depth), ...dropped(types[functions[index]!]!)];
  }

  /** A call by a table, its results dropped. */
  callByTable(depth: number): number[] {
    const { types, tables } = this.#place.facts;
    const table = tables.indexOf(FUNCREF);
    if (table < 0 || types.length === 0) return [];
    const type = this.#random.below(types.length);
    return [
      ...this.values(types[type]!.parameters, depth),
      ...this.value(TYPE.i32, depth - 1),
      0x11,
      ...unsigned(type),
      ...unsigned(table),
      ...dropped(types[type]!),
    ];
  }

  /** Writes to memory; nothing where there is none. */
  store(depth: number): number[] {
    if (!this.#place.facts.memory) return [];
    const store = this.#random.oneOf(STORES);
    return [
      ...this.#address(depth),
      ...this.value(store.type, depth - 1),
      ...store.bytes,
      ...this.#reach(store),
      ...(store.lanes === undefined ? [] : [this.#random.below(store.lanes)]),
    ];
  }
}

function dropped({ results }: FunctionType): number[] {
  return results.map(() => 0x1a);
}
