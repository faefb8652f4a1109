/** What options of commands are held to, and how what is wrong with them is said. */
import * as v from "valibot";
import { parse } from "../../../src/config/parse.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { type Arguments, type OptionSpec, usageError } from "./arguments.ts";

export { oneOf } from "../../../src/config/setting_value.ts";

/** A value that is not empty. */
export const Text = v.pipe(v.string(), v.minLength(1, "Expected a value, not an empty one"));
/** An option without a value. */
export const Switch = v.exactOptional(v.boolean());

/**
 * Holds options to a schema of settings, which are called as the options are, in camel case:
 * `--batch-rows` is `batchRows`. What the options are written with becomes what a configuration would
 * have: numbers, lists, objects.
 *
 * @throws {LoadError} `usage` with all that is wrong
 */
export function hold<T>(
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
    // `--header.0` is nothing that anybody wrote.
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
function optionOf(setting: string): string {
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

/** What is wrong with a command line as a whole. */
export function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}

/** @throws {LoadError} `usage` where words were given to a command that takes none */
export function optionsOnly({ words }: Arguments, command: string): void {
  if (words.length > 0) throw usage(`snakepipe ${command} takes options only`);
}

/** What every command takes. */
export interface CommonOptions {
  readonly config?: string;
  readonly plugins?: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** What every command takes that lets plugins in. */
export interface PluginOptions extends CommonOptions {
  readonly locked: boolean;
}

/** Settings of a backend, as NAME=VALUE. */
export const Settings = v.pipe(
  v.array(v.pipe(v.string(), v.regex(/^[^=]+=/, "Expected name=value"))),
  v.transform((pairs) =>
    pairs.map((pair): [string, string] => [
      pair.slice(0, pair.indexOf("=")),
      pair.slice(pair.indexOf("=") + 1),
    ])
  ),
  v.check(
    (pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length,
    "Sets a setting twice",
  ),
  v.transform((pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs)),
);

/** The schema of what every command takes, as settings. */
export const COMMON = {
  config: v.exactOptional(Text),
  plugins: v.exactOptional(Text),
  json: Switch,
  help: Switch,
};

/** What every command takes, as it was given. */
export function common(
  { json = false, help = false, ...named }: Partial<CommonOptions>,
): CommonOptions {
  return { ...named, json, help };
}
