/** What options of commands are held to, and how what is wrong with them is said. */
import * as v from "valibot";
import { parse } from "../../src/config/parse.ts";
import { type Issue, LoadError } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import { type Arguments, usageError } from "./arguments.ts";

/** A value that is not empty. */
export const Text = v.pipe(v.string(), v.minLength(1, "Expected a value, not an empty one"));
/** An option without a value. */
export const Switch = v.optional(v.literal(true));

/** One of several words. */
export function oneOf<const T extends readonly string[]>(
  words: T,
): v.GenericSchema<unknown, T[number]> {
  const before = words.slice(0, -1).join(", ");
  const expected = `Expected ${before === "" ? "" : `${before} or `}${words.at(-1)}`;
  return v.picklist(words, ({ input }) => expected + didYouMean(String(input), words));
}

/** Holds options to what a command takes. @throws {LoadError} `usage` with all that is wrong */
export function hold<T>(schema: v.GenericSchema<unknown, T>, given: Arguments): T {
  try {
    return parse(schema, given.options, {
      what: "The command line",
      code: "usage",
      blame: "config",
    });
  } catch (error) {
    throw error instanceof LoadError ? usageError(error.issues.map(optionIssue)) : error;
  }
}

/** `--header.0` is nothing that anybody wrote. */
function optionIssue({ path, message }: Issue): Issue {
  return { path: path.split(".")[0]!, message };
}

/** What is wrong with a command line as a whole. */
export function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}

/** The property, where it has a value: for optional properties without undefined. */
export function defined<K extends string, T>(name: K, value: T | undefined): { [P in K]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: T };
}
