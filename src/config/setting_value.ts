/** Values that settings of a load have, in the configuration as on the command line. */
import * as v from "valibot";
import { didYouMean } from "../model/near_word.ts";
import type { RejectLimit } from "../model/reject_limit.ts";

/** A text that is not empty. */
export const Text: v.GenericSchema<unknown, string> = v.pipe(
  v.string("Expected a string"),
  v.minLength(1, "Expected a string, not an empty one"),
);

/** True or false. */
export const Switch: v.GenericSchema<unknown, boolean> = v.boolean("Expected true or false");

/** One of several words. */
export function oneOf<const T extends readonly string[]>(
  words: T,
): v.GenericSchema<unknown, T[number]> {
  const before = words.slice(0, -1).join(", ");
  const expected = `Expected ${before === "" ? "" : `${before} or `}${words.at(-1)}`;
  return v.picklist(words, ({ input }) => expected + didYouMean(String(input), words));
}

/** A whole number from 1; what is wrong is said in words that repeat nothing. */
export function count(maximum: number): v.GenericSchema<unknown, number> {
  const expected = `Expected a whole number from 1 to ${maximum}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(1, expected),
    v.maxValue(maximum, expected),
  );
}

/**
 * One text or a list of them, none of which is empty or there twice. With `commas`, a text is several
 * with commas between them, as on the command line; what stands in a list is taken as it is.
 */
export function texts(
  { what, twice, commas = false }: {
    readonly what: string;
    readonly twice: string;
    readonly commas?: boolean;
  },
): v.GenericSchema<unknown, readonly string[]> {
  return v.pipe(
    v.union([v.string(), v.array(v.string())], `Expected ${what}, or a list of them`),
    v.transform((one) =>
      typeof one !== "string" ? one : commas ? one.split(",").map((text) => text.trim()) : [one]
    ),
    v.check((list) => list.length > 0, `Expected ${what}, not an empty list`),
    v.check((list) => list.every((text) => text !== ""), `Expected ${what}, none of them empty`),
    v.check((list) => new Set(list).size === list.length, twice),
  );
}

const REJECTS_EXPECTED =
  "Expected a whole number of rows, or a share of them up to 100%, such as 0.5%";

/** `20`, or `"0.5%"`. */
export const Rejects: v.GenericSchema<unknown, RejectLimit> = v.pipe(
  v.union([v.number(), v.string()], REJECTS_EXPECTED),
  v.transform(String),
  v.regex(/^([0-9]{1,15}|[0-9]{1,3}(\.[0-9]{1,6})?%)$/, REJECTS_EXPECTED),
  v.transform((text): RejectLimit =>
    text.endsWith("%")
      ? { kind: "share", share: Number(text.slice(0, -1)) / 100 }
      : { kind: "count", rowsMax: Number(text) }
  ),
  v.check((limit) => limit.kind === "count" || limit.share <= 1, REJECTS_EXPECTED),
);
