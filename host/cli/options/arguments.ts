/**
 * From the words of a command line to options by name and the words that stand alone. What a command
 * takes is a list of specifications, from which its help is made too.
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Issue, issueLines, LoadError } from "../../../src/model/errors.ts";
import { nearWord } from "../../../src/model/near_word.ts";

/** One option of a command. */
export interface OptionSpec {
  /** Without the dashes. */
  readonly name: string;
  /** What its value is called in the help; absent for a switch. */
  readonly value?: string;
  /** What its value may be, where that is one of a few words. */
  readonly values?: readonly string[];
  /** Whether it may be given several times. */
  readonly repeatable?: boolean;
  /** One or several lines, as they stand in the help. */
  readonly help: string;
}

/** What was given: options by `--name`, as text, list of texts or true; what was not is absent. */
export interface Arguments {
  readonly options: Readonly<Record<string, string | readonly string[] | true>>;
  readonly words: readonly string[];
}

/** Every command takes these. */
export const HELP_OPTION: OptionSpec = { name: "help", help: "Show this help" };

/**
 * Takes the words apart. A value is the next word, unless that begins with a dash (`-` alone is
 * one, and so is a number), or stands behind `=`. What follows `--` are no options.
 *
 * @throws {LoadError} `usage` with all that is wrong: unknown options, with the one that may have
 * been meant, values that are missing, or given where none is taken, options given twice
 */
export function readArguments(args: readonly string[], specs: readonly OptionSpec[]): Arguments {
  const issues: Issue[] = [];
  const withValue = specs.filter((spec) => spec.value !== undefined).map((spec) => spec.name);
  const switches = specs.filter((spec) => spec.value === undefined).map((spec) => spec.name);
  const parsed = parseArgs(joinValues(args, { names: withValue, switches, issues }), {
    boolean: switches,
    // Words alone stay text too: a file may be called 1.
    string: [...withValue, "_"],
    collect: withValue,
    alias: { h: "help" },
    // Words come by as well, without a key.
    unknown: (arg: string, key?: string) => {
      if (key === undefined) return true;
      issues.push({ path: nameOf(arg), message: `Unknown option${nearest(nameOf(arg), specs)}` });
      return false;
    },
  }) as Record<string, unknown>;
  const options: Record<string, string | readonly string[] | true> = {};
  for (const { name, repeatable } of specs) {
    const given = parsed[name];
    if (given === true) options[`--${name}`] = true;
    if (!Array.isArray(given) || given.length === 0) continue;
    if (repeatable) options[`--${name}`] = given.map(String);
    else if (given.length === 1) options[`--${name}`] = String(given[0]);
    else {issues.push({
        path: `--${name}`,
        message: `Given ${given.length} times, takes one value`,
      });}
  }
  if (issues.length > 0) throw usageError(issues);
  return { options, words: (parsed._ as unknown[]).map(String) };
}

/** What is wrong with a command line, as one error. */
export function usageError(issues: readonly Issue[]): LoadError {
  const [first] = issues;
  const about = { code: "usage", blame: "config", issues } as const;
  return issues.length === 1 && first
    ? new LoadError(`${first.path}: ${first.message}`, about)
    : new LoadError("The command line is not valid:", { ...about, lines: issueLines(issues) });
}

/**
 * Writes `--name value` as `--name=value`, so that an empty value is one, and `-` too; and finds
 * options without their value, and switches with one.
 */
function joinValues(
  args: readonly string[],
  { names, switches, issues }: {
    readonly names: readonly string[];
    readonly switches: readonly string[];
    readonly issues: Issue[];
  },
): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") return [...joined, ...args.slice(i)];
    const name = arg.startsWith("--") ? arg.slice(2) : "";
    const next = args[i + 1];
    const [before = "", after] = name.split(/=(.*)/s);
    if (after !== undefined && switches.includes(before)) {
      issues.push({ path: `--${before}`, message: "Takes no value" });
    } else if (!names.includes(name)) joined.push(arg);
    else if (next !== undefined && (!next.startsWith("-") || VALUE_WITH_DASH.test(next))) {
      joined.push(`${arg}=${next}`);
      i++;
    } else {
      const way = next?.startsWith("-") ? `; one that begins with a dash: ${arg}=VALUE` : "";
      issues.push({ path: arg, message: `Needs a value${way}` });
    }
  }
  return joined;
}

/** Standard input or output, and numbers below zero, which no option is called by. */
const VALUE_WITH_DASH = /^-([0-9.].*)?$/;

/** The option without its value, which may be a secret. */
function nameOf(arg: string): string {
  return arg.split("=")[0]!;
}

function nearest(name: string, specs: readonly OptionSpec[]): string {
  const meant = nearWord(name.replace(/^-+/, ""), specs.map((spec) => spec.name));
  return meant === undefined ? "" : `, did you mean --${meant}?`;
}
