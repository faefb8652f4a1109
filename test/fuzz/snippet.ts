/** Pieces of code that can be put between any two instructions of a function. */
import type { Random } from "../crash/random.ts";
import { CodeWriter, type Place } from "./code_writer.ts";
import { unsigned } from "./leb.ts";
import { TYPE } from "./operator.ts";

/** How deep what is written may be nested. */
const DEPTH = 3;

/** Code that takes nothing and leaves nothing, unless it does not come to its end. */
export function snippet(random: Random, place: Place): number[] {
  return piece({ random, place, writer: new CodeWriter(random, place), depth: DEPTH });
}

interface Piece {
  readonly random: Random;
  readonly place: Place;
  readonly writer: CodeWriter;
  readonly depth: number;
}

function piece(way: Piece): number[] {
  const { random, writer, depth } = way;
  const inner = () => depth > 0 ? piece({ ...way, depth: depth - 1 }) : [];
  const condition = () => writer.value(TYPE.i32, depth - 1);
  switch (random.below(16)) {
    case 0:
      return [...writer.value(writer.type(), depth), 0x1a];
    case 1:
      return setVariable(way);
    case 2:
    case 3:
      return writer.store(depth);
    case 4:
      return [...condition(), 0x04, 0x40, ...inner(), 0x05, ...inner(), 0x0b];
    case 5:
      return [0x02, 0x40, ...inner(), ...condition(), 0x0d, 0, ...inner(), 0x0b];
    // A loop that goes on for as long as what it computes is not zero, which may be for ever.
    case 6:
      return [0x03, 0x40, ...inner(), ...condition(), 0x0d, 0, 0x0b];
    case 7:
      return branchTable(random, condition());
    case 8:
      return bulk(way);
    case 9:
      return tableWork(way);
    case 10:
    case 11:
    case 12:
      return writer.call(depth);
    case 13:
      return writer.callByTable(depth);
    case 14:
      return [random.oneOf([0x02, 0x03]), 0x40, ...random.oneOf([[], [0x01]]), 0x0b];
    default:
      return [...inner(), ...condition(), 0x45, 0x45, 0x04, 0x40, ...end(way), 0x0b];
  }
}

function setVariable({ random, place, writer, depth }: Piece): number[] {
  const settable = [
    ...place.locals.map((type, i) => ({ type, bytes: [0x21, ...unsigned(i)] })),
    ...place.facts.globals.flatMap(({ type, mutable }, i) =>
      mutable ? [{ type, bytes: [0x24, ...unsigned(i)] }] : []
    ),
  ];
  if (settable.length === 0) return [];
  const { type, bytes } = random.oneOf(settable);
  return [...writer.value(type, depth - 1), ...bytes];
}

function branchTable(random: Random, choice: readonly number[]): number[] {
  const blocks = 1 + random.below(5);
  const targets = Array.from({ length: random.below(12) }, () => random.below(blocks));
  return [
    ...Array.from({ length: blocks }, () => [0x02, 0x40]).flat(),
    ...choice,
    ...[0x0e, ...unsigned(targets.length), ...targets, random.below(blocks)],
    ...Array.from({ length: blocks }, () => 0x0b),
  ];
}

/** Instructions over many bytes at once. */
function bulk({ random, place: { facts }, writer }: Piece): number[] {
  const numbers = () => writer.values([TYPE.i32, TYPE.i32, TYPE.i32], 1);
  const kinds: (() => number[])[] = [];
  if (facts.memory) {
    kinds.push(
      () => [...numbers(), 0xfc, 10, 0, 0],
      () => [...numbers(), 0xfc, 11, 0],
    );
  }
  if (facts.data > 0) {
    const segment = unsigned(random.below(facts.data));
    kinds.push(() => [0xfc, 9, ...segment]);
    if (facts.memory) kinds.push(() => [...numbers(), 0xfc, 8, ...segment, 0]);
  }
  return kinds.length === 0 ? [] : random.oneOf(kinds)();
}

/** Instructions over tables and their segments. */
function tableWork({ random, place: { facts }, writer }: Piece): number[] {
  const { tables, elements } = facts;
  if (tables.length === 0) return [];
  const index = random.below(tables.length);
  const [type, table] = [tables[index]!, unsigned(index)];
  const numbers = (count: number) => writer.values(new Array(count).fill(TYPE.i32), 1);
  const kinds: (() => number[])[] = [
    () => [...numbers(1), 0xd0, type, 0x26, ...table],
    () => [...numbers(3), 0xfc, 14, ...table, ...table],
    () => [...numbers(1), 0xd0, type, ...numbers(1), 0xfc, 17, ...table],
  ];
  if (elements > 0) {
    const segment = unsigned(random.below(elements));
    kinds.push(() => [0xfc, 13, ...segment], () => [...numbers(3), 0xfc, 12, ...segment, ...table]);
  }
  return random.oneOf(kinds)();
}

/** Ends the function, or sees to it that it never ends. */
function end({ random, place: { results }, writer }: Piece): number[] {
  return random.oneOf([
    () => [0x00],
    () => [0x03, 0x40, 0x0c, 0, 0x0b],
    () => [0x0c, 0],
    () => [...writer.values(results, 1), 0x0f],
  ])();
}
