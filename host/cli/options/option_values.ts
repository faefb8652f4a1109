/** What options of commands are held to, and how what is wrong with them is said. */
import * as v from "valibot";
import { parse } from "../../../src/config/parse.ts";
import { type Issue, LoadError } from "../../../src/model/errors.ts";
import { type Arguments, type OptionSpec, usageError } from "./arguments.ts";

export { oneOf } from "../../../src/config/setting_value.ts";

/** A value that is not empty. */
export const Text = v.pipe(v.string(), v.minLength(1, "Expected a value, not an empty one"));
/** An option without a value. */
export const Switch = v.optional(v.literal(true));

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

/**
 * Holds options to settings that a configuration may have too, which are called as the options are, in
 * camel case: `--batch-rows` is `batchRows`. What the options are written with becomes what a
 * configuration would have: numbers, lists, objects.
 *
 * @throws {LoadError} `usage` with all that is wrong
 */
export function holdSettings<T>(
  schema: v.GenericSchema<unknown, T>,
  given: Arguments,
  specs: readonly OptionSpec[],
): T {
  const written = specs.flatMap((spec): [string, unknown][] => {
    const value = given.options[`--${spec.name}`];
    return value === undefined ? [] : [[settingOf(spec.name), valueOf(spec, value)]];
  });
  try {
    return parse(schema, Object.fromEntries(written), {
      what: "The command line",
      code: "usage",
      blame: "config",
    });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    throw usageError(error.issues.map(({ path, message }) => ({
      path: `--${optionOf(path.split(".")[0]!)}`,
      message,
    })));
  }
}

/** `batchRows` for `batch-rows`. */
export function settingOf(option: string): string {
  return option.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `batch-rows` for `batchRows`. */
export function optionOf(setting: string): string {
  return setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What a configuration would have in the place of words. */
function valueOf({ value }: OptionSpec, written: string | readonly string[] | true): unknown {
  if (written === true) return true;
  if (value === "NAME=VALUE" || value === "TARGET") return written;
  if (typeof written !== "string") {
    return written.flatMap((list) => list.split(",").map((name) => name.trim()));
  }
  // What is no number is left to the schema, which says what it expects.
  return value === "N" && /^[0-9]{1,15}$/.test(written) ? Number(written) : written;
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
