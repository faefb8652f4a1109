/** Statements as a pattern allows them, at random: what is accepted is to be seen in all its width. */
import type { Shape } from "../../src/model/batch.ts";
import type { StatementPattern } from "../../src/plan_policy/statement_pattern.ts";
import type { Random } from "../crash/random.ts";

/** Digits for a number of which nothing is said; as many of them as fit, where it has a bound. */
const DIGITS: readonly string[] = [
  ...["0", "1", "7", "42", "007", "100", "65535", "2147483647", "2147483648"],
  ...["9007199254740993", "18446744073709551616", "9".repeat(40), "1".repeat(400)],
];
const WORDLIKE = /[A-Za-z0-9_{}]/;

/** One statement that fits the pattern. */
export function derived(
  pattern: StatementPattern,
  random: Random,
  { columns }: Pick<Shape, "columns">,
): string {
  const all = columns.map((_, i) => i);
  const plain = all.filter((i) => !columns[i]!.key);
  const loops = { each: all, plain: plain.length > 0 ? plain : all.slice(0, 1) };
  const keyless = plain.length === columns.length;
  const cased = random.oneOf([upper, lower, (text: string) => mixed(text, random)]);
  const tokens: string[] = [];
  derive(pattern, { random, loops, tokens, cased, keyless });
  return spaced(tokens, random);
}

interface Derivation {
  readonly random: Random;
  readonly loops: Readonly<Record<"each" | "plain", readonly number[]>>;
  readonly tokens: string[];
  readonly cased: (word: string) => string;
  /** Whether no column is a key: what may be left out and names keys is left out. */
  readonly keyless: boolean;
  readonly column?: number;
}

function derive(pattern: StatementPattern, way: Derivation): void {
  const { random, tokens, loops, cased, keyless, column } = way;
  switch (pattern.kind) {
    case "word":
      tokens.push(cased(pattern.text));
      break;
    case "sign":
      tokens.push(pattern.text);
      break;
    case "number":
      tokens.push(
        pattern.value === undefined ? digits(pattern, random) : zeros(pattern.value, random),
      );
      break;
    case "slot": {
      const indexed = pattern.slot === "col" || pattern.slot === "value";
      tokens.push(indexed ? `{${pattern.slot}:${column}}` : `{${pattern.slot}}`);
      break;
    }
    case "sequence":
      for (const part of pattern.parts) derive(part, way);
      break;
    case "either":
      derive(random.oneOf(pattern.parts), way);
      break;
    case "optional":
      if (keyless && namesKeys(pattern.part)) break;
      if (random.below(2) === 0) derive(pattern.part, way);
      break;
    case "each":
    case "plain":
      for (const [i, index] of loops[pattern.kind].entries()) {
        if (i > 0) tokens.push(",");
        derive(pattern.part, { ...way, column: index });
      }
  }
}

function namesKeys(pattern: StatementPattern): boolean {
  switch (pattern.kind) {
    case "slot":
      return pattern.slot === "keys";
    case "sequence":
    case "either":
      return pattern.parts.some(namesKeys);
    case "optional":
    case "each":
    case "plain":
      return namesKeys(pattern.part);
    default:
      return false;
  }
}

function digits(
  { valueMin = 0, valueMax }: { readonly valueMin?: number; readonly valueMax?: number },
  random: Random,
): string {
  if (valueMax === undefined) return random.oneOf(DIGITS);
  const within = DIGITS.filter((text) => Number(text) >= valueMin && Number(text) <= valueMax);
  return random.oneOf([...within, String(valueMin), String(valueMax)]);
}

function upper(text: string): string {
  return text;
}

function lower(text: string): string {
  return text.toLowerCase();
}

function mixed(text: string, random: Random): string {
  return [...text].map((letter) => random.below(2) === 0 ? letter : letter.toLowerCase()).join("");
}

function zeros(value: number, random: Random): string {
  return "0".repeat(random.below(4) === 0 ? random.below(3) : 0) + value;
}

/** Puts spaces where they must be, and some more. */
function spaced(tokens: readonly string[], random: Random): string {
  const sparse = random.below(2) === 0;
  let text = "";
  for (const token of tokens) {
    const touching = WORDLIKE.test(text.at(-1) ?? "(") && WORDLIKE.test(token[0]!);
    if (touching || !sparse) text += random.oneOf([" ", " ", " ", "\n", " \n  "]);
    text += token;
  }
  return sparse ? text : text + random.oneOf(["", " ", "\n"]);
}
