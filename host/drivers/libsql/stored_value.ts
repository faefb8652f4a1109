/**
 * What SQLite keeps of a value in a column whose affinity is NUMERIC or INTEGER, or that has none:
 * https://sqlite.org/datatype3.html#type_affinity. A value that would not be kept is refused, and one
 * that stays the same number (`1.50` is 1.5) is not.
 *
 * - A column with such an affinity makes a number of every text that reads like one: `007` becomes 7, and
 *   of more than 15 digits it keeps as many as a double does.
 * - A column without one keeps what is bound. So numbers of JSON are bound as numbers, and true and
 *   false as 1 and 0, as SQLite's own JSON functions have them. A number beyond what SQLite calculates
 *   with stays text, with every digit. Texts stay texts, those of CSV too, as `.import` has them.
 */
import { doubleKeeps } from "../../codec/reference/number_text.ts";
import type { Cell } from "../../codec/codec.ts";

/** The value that is not kept: it is a number of more digits, or a text that is spelled otherwise. */
export const UNKEPT: unique symbol = Symbol("unkept");
/** A text that is no text: it holds half of a surrogate pair. */
export const ILL_FORMED: unique symbol = Symbol("ill-formed");

/** A text that reads like a number, as a key that keeps both apart. */
export const LOOSE_KEY: unique symbol = Symbol("loose key");

/** A cell to bind, or why there is none. */
export type Kept = Cell | typeof UNKEPT | typeof ILL_FORMED | typeof LOOSE_KEY;

const INT64_MAX = 2n ** 63n - 1n;
/** Numbers of up to so many characters without exponent are kept by every double. */
const DIGITS_SAFE = 15;
/** What SQLite reads as a number: sqlite3AtoF in src/util.c. */
const NUMERIC = /^[ \t\n\v\f\r]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\v\f\r]*$/;
const INTEGER = /^-?\d+$/;

/** A number's text, in a column that keeps numbers. */
export function keptNumber(text: string): Kept {
  return numberOf(text.trim()) ?? UNKEPT;
}

/** A text, in a column that makes numbers of texts. */
export function keptText(text: string): Kept {
  // Most texts are recognised by their first character: neither a digit, a sign, a point nor a space.
  const first = text.charCodeAt(0);
  if (first > 0x39 || !NUMERIC.test(text)) return text;
  const number = numberOf(text);
  // Only what SQLite writes in the same way comes back as it was.
  return number !== undefined && String(number) === text && isPlain(text) ? number : UNKEPT;
}

/** A text of CSV, as a key without a type: `1` would stand beside the number 1, and not update it. */
export function keptKey(text: string): Kept {
  return NUMERIC.test(text) ? LOOSE_KEY : text;
}

/** Numbers alone, of a JSON document in a column that makes numbers of texts. */
export function keptJson(source: string): Kept {
  const first = source.charCodeAt(0);
  return first === 0x22 || first > 0x39
    ? source
    : NUMERIC.test(source)
    ? keptNumber(source)
    : source;
}

/** A JSON value by its source, in a column without a type of its own. */
export function keptValue(source: string, makesNumbers: boolean): Kept {
  switch (source.charCodeAt(0)) {
    case 0x22: {
      const text = stringOf(source);
      if (text === undefined) return ILL_FORMED;
      return makesNumbers ? keptText(text) : text;
    }
    case 0x74:
      return 1n;
    case 0x66:
      return 0n;
    case 0x5b:
    case 0x7b:
      return source;
    default:
      return numberOf(source) ?? (makesNumbers ? UNKEPT : source);
  }
}

/** A number as SQLite holds it; undefined where that is another one. */
function numberOf(text: string): number | bigint | undefined {
  if (INTEGER.test(text)) {
    const exact = BigInt(text);
    if (exact <= INT64_MAX && exact >= -INT64_MAX - 1n) return exact;
  } else if (text.length <= DIGITS_SAFE && !/e/i.test(text)) {
    return Number(text);
  }
  return NUMBER_OF_JSON.test(text) && doubleKeeps(text) ? Number(text) : undefined;
}

/** What the measure of doubles reads. */
const NUMBER_OF_JSON = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Whether it is an integer, or a fraction of up to 15 digits, as SQLite writes it. */
function isPlain(text: string): boolean {
  return INTEGER.test(text) || (text.length <= DIGITS_SAFE && !/[eE+ ]/.test(text));
}

function stringOf(source: string): string | undefined {
  if (!source.includes("\\")) return source.slice(1, -1);
  const text = JSON.parse(source) as string;
  return text.isWellFormed() ? text : undefined;
}
