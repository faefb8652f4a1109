/** Holds statements to patterns: whether one fits, and where it does not, how far it does. */
import { type Shape, updatedColumns } from "../model/batch.ts";
import { nearWord } from "../model/near_word.ts";
import { hazardOf } from "./hazard.ts";
import type { Slot } from "./slot.ts";
import type { PatternLeaf, StatementPattern } from "./statement_pattern.ts";
import { shownToken, type Token } from "./token.ts";

/** How far a statement fits a pattern, where it does not. */
export interface Misfit {
  /** Tokens that fit. */
  readonly at: number;
  /** What is wrong, for people. */
  readonly message: string;
  /** What could stand there instead. */
  readonly expected: readonly string[];
}

/** Compares a statement with a pattern; undefined if it fits. */
export function misfitOf(
  tokens: readonly Token[],
  pattern: StatementPattern,
  { columns }: Pick<Shape, "columns">,
): Misfit | undefined {
  const match = new Match(tokens, loopsOf({ columns }));
  const end = match.fit(pattern, 0);
  if (end === tokens.length) return undefined;
  if (end >= 0) match.missed(end, "its end");
  return misfitAt(tokens, match.far, [...match.expected]);
}

/** The columns that the loops of patterns are at, by their numbers. */
export type Loops = Readonly<Record<"each" | "plain", readonly number[]>>;

/** The columns of each loop for a shape. */
export function loopsOf({ columns }: Pick<Shape, "columns">): Loops {
  const updated = new Set(updatedColumns({ columns }));
  const all = columns.map((_, i) => i);
  return { each: all, plain: all.filter((i) => updated.has(columns[i]!)) };
}

/** Words that are listed where one is expected. */
const LISTED_MAX = 8;
/** Of a word that is longer nobody knows what was meant. */
const WORD_MAX = 40;

/** The misfit of a token, where one of several others could stand. */
export function misfitAt(
  tokens: readonly Token[],
  at: number,
  expected: readonly string[],
): Misfit {
  // Of brackets, what begins within them says more.
  const opens = tokens[at]?.kind === "sign" && shownToken(tokens[at]) === "(";
  const telling = opens ? tokens[at + 1] : tokens[at];
  const found = opens ? `( ${shownToken(telling)}` : shownToken(telling);
  const wanted = expected.length > LISTED_MAX
    ? `one of ${expected.length} others`
    : expected.join(" or ");
  const message = `${found} stands where ${wanted} belongs`;
  const known = hazardOf(telling);
  if (known !== undefined) return { at, expected, message: `${message}: ${known}` };
  const near = meantBy(tokens[at], expected);
  return {
    at,
    expected,
    message: near === undefined ? message : `${message}, did you mean ${near}?`,
  };
}

function meantBy(token: Token | undefined, expected: readonly string[]): string | undefined {
  return token?.kind === "word" && token.text.length <= WORD_MAX
    ? nearWord(token.text, expected.filter((word) => /^\w+$/.test(word)))
    : undefined;
}

class Match {
  readonly #tokens: readonly Token[];
  readonly #loops: Loops;
  /** The column that a loop is at. */
  #column: number | undefined;
  far = 0;
  readonly expected = new Set<string>();

  constructor(tokens: readonly Token[], loops: Loops) {
    this.#tokens = tokens;
    this.#loops = loops;
  }

  /** The token behind what fits from there on; -1 if it does not fit. */
  fit(pattern: StatementPattern, at: number): number {
    switch (pattern.kind) {
      case "word":
      case "sign":
      case "number":
      case "slot":
        return isOf(this.#tokens[at], pattern, this.#column)
          ? at + 1
          : this.missed(at, shownLeaf(pattern, this.#column));
      case "sequence": {
        let end = at;
        for (const part of pattern.parts) {
          end = this.fit(part, end);
          if (end < 0) return end;
        }
        return end;
      }
      case "either":
        for (const part of pattern.parts) {
          const end = this.fit(part, at);
          if (end >= 0) return end;
        }
        return -1;
      case "optional":
        return Math.max(at, this.fit(pattern.part, at));
      case "each":
      case "plain":
        return this.#fitLoop(pattern, this.#loops[pattern.kind], at);
    }
  }

  missed(at: number, expected: string): -1 {
    if (at > this.far) this.expected.clear();
    this.far = Math.max(this.far, at);
    if (at === this.far) this.expected.add(expected);
    return -1;
  }

  #fitLoop({ part, comma }: Loop, columns: readonly number[], at: number): number {
    let end = at;
    for (const [i, column] of columns.entries()) {
      if (i > 0) end = this.fit(comma, end);
      if (end < 0) return end;
      this.#column = column;
      end = this.fit(part, end);
      if (end < 0) return end;
    }
    this.#column = undefined;
    return end;
  }
}

type Loop = Extract<StatementPattern, { readonly kind: "each" | "plain" }>;

/** Whether a token is what a leaf asks for, of the column that a loop is at. */
export function isOf(
  token: Token | undefined,
  leaf: PatternLeaf,
  column: number | undefined,
): boolean {
  switch (leaf.kind) {
    case "word":
    case "sign":
      return token?.kind === leaf.kind && token.text === leaf.text;
    case "number":
      return token?.kind === "number" && isWithin(token.value, leaf);
    case "slot":
      return token?.kind === "slot" && token.slot.kind === leaf.slot &&
        (!("column" in token.slot) || token.slot.column === column);
  }
}

/** A leaf as it is shown to people. */
export function shownLeaf(leaf: PatternLeaf, column: number | undefined): string {
  switch (leaf.kind) {
    case "word":
    case "sign":
      return leaf.text;
    case "number":
      return shownNumber(leaf);
    case "slot":
      return isIndexed(leaf.slot) ? `{${leaf.slot}:${column}}` : `{${leaf.slot}}`;
  }
}

function isIndexed(kind: Slot["kind"]): boolean {
  return kind === "col" || kind === "value";
}

type NumberLeaf = Extract<PatternLeaf, { readonly kind: "number" }>;

function isWithin(
  number: number,
  { value = number, valueMin = 0, valueMax = Infinity }: Omit<NumberLeaf, "kind" | "place">,
): boolean {
  return number === value && number >= valueMin && number <= valueMax;
}

function shownNumber({ value, valueMin, valueMax }: Omit<NumberLeaf, "kind" | "place">): string {
  if (value !== undefined) return String(value);
  if (valueMin !== undefined) return `a number from ${valueMin} to ${valueMax}`;
  return valueMax === undefined ? "a number" : `a number up to ${valueMax}`;
}
