/** Which rows of a source go to a target, by the value of a column. */
import { LoadError } from "../model/errors.ts";

/** Which rows of a source go to one target. */
export interface RowShare {
  /** The column. */
  readonly by: string;
  /** Values of the rows that go there. */
  readonly values: readonly string[];
  /** Values of the rows that go elsewhere. */
  readonly others: readonly string[];
  /** Whether it is the target of all other rows too. */
  readonly rest: boolean;
}

/** The value of a row in the column; `number` where it is a number of JSON, as it is written. */
export interface RowValue {
  readonly text: string;
  readonly number: boolean;
}

/**
 * Tells whether a row is of a share by its value, undefined where it has none. A number of JSON is of
 * the value that is the same number, however both are written; any other value is compared as text.
 *
 * The test throws a {@linkcode LoadError} `config_invalid` for a number that two values are, whose rows
 * go to different targets.
 */
export function shareTest(share: RowShare): (value: RowValue | undefined) => boolean {
  const own = new Set(share.values);
  const others = new Set(share.others);
  const ownNumbers = numbersOf(share.values);
  const otherNumbers = numbersOf(share.others);
  return (value) => {
    if (value === undefined) return share.rest;
    if (!value.number) return own.has(value.text) || (share.rest && !others.has(value.text));
    const number = exactNumber(value.text)!;
    const [mine, theirs] = [ownNumbers.get(number), otherNumbers.get(number)];
    if (mine !== undefined && theirs !== undefined) throw sameNumber(share.by, mine, theirs);
    return mine !== undefined || (share.rest && theirs === undefined);
  };
}

/**
 * One text for each number of JSON, whatever its length: the digits without zeros at their ends, and the
 * power of ten that they are times. Undefined for a text that is none.
 */
export function exactNumber(text: string): string | undefined {
  const match = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const all = whole + fraction;
  let [from, to] = [0, all.length];
  while (from < to && all[from] === "0") from++;
  while (to > from && all[to - 1] === "0") to--;
  if (from === to) return "0";
  // BigInt takes no plus sign.
  const power = BigInt(exponent.replace("+", "")) + BigInt(all.length - to - fraction.length);
  return `${sign}${all.slice(from, to)}e${power}`;
}

/** The values that are numbers, as they are written, by what they are. */
function numbersOf(values: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    values.flatMap((value) => {
      const number = exactNumber(value);
      return number === undefined ? [] : [[number, value] as const];
    }),
  );
}

function sameNumber(by: string, ...values: readonly [string, string]): LoadError {
  const [a, b] = values.toSorted();
  return new LoadError(
    `The values ${a} and ${b} of ${by} are one number and go to different targets, and the source has ` +
      "that number: leave one of them out, or write the column as text",
    { code: "config_invalid", blame: "config" },
  );
}
