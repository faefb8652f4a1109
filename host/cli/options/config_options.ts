/** What the options of commands about the configuration come to. */
import * as v from "valibot";
import { defined } from "../../../src/model/defined.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import { readArguments } from "./arguments.ts";
import {
  COMPLETIONS_OPTIONS,
  NAME_KINDS,
  type NameKind,
  type Shell,
  SHELLS,
} from "./completions.ts";
import { CONFIG_OPTIONS, DOCTOR_OPTIONS } from "./option_specs.ts";
import {
  COMMON,
  common,
  type CommonOptions,
  hold,
  type PluginOptions,
  Switch,
  Text,
  usage,
} from "./option_values.ts";

/** A command line of `snakepipe config`, checked. */
export interface ConfigArguments extends CommonOptions {
  readonly verb: "check" | "schema";
  /** The configuration to check. */
  readonly file?: string;
}

/** A command line of `snakepipe doctor`, checked. */
export interface DoctorArguments extends PluginOptions {
  /** The one target to look at. */
  readonly target?: string;
}

/** A command line of `snakepipe completions`, checked. */
export interface CompletionsArguments {
  /** A shell, or the names that one is to be given; undefined where help was asked for. */
  readonly what: Shell | NameKind | undefined;
  readonly config?: string;
  readonly help: boolean;
}

/** Reads the words behind `config`. @throws {LoadError} `usage` with all that is wrong */
export function readConfigArguments(args: readonly string[]): ConfigArguments {
  const given = readArguments(args, CONFIG_OPTIONS);
  const o = common(hold(v.strictObject(COMMON), given, CONFIG_OPTIONS));
  const [verb = "", file, ...more] = given.words;
  if (o.help) return { ...o, verb: "check" };
  if (verb !== "check" && verb !== "schema") {
    throw usage(`snakepipe config takes check or schema${didYouMean(verb, ["check", "schema"])}`);
  }
  if (more.length > 0 || (file !== undefined && (verb === "schema" || o.config !== undefined))) {
    throw usage("snakepipe config check takes one file, config schema takes none");
  }
  return { ...o, verb, ...defined({ file }) };
}

/** Reads the words behind `doctor`. @throws {LoadError} `usage` with all that is wrong */
export function readDoctorArguments(args: readonly string[]): DoctorArguments {
  const given = readArguments(args, DOCTOR_OPTIONS);
  const { locked = false, ...o } = hold(
    v.strictObject({ ...COMMON, locked: Switch }),
    given,
    DOCTOR_OPTIONS,
  );
  const [target, ...more] = given.words;
  if (more.length > 0) throw usage("snakepipe doctor takes one target, or none");
  return { ...common(o), locked, ...defined({ target }) };
}

/** Reads the words behind `completions`. @throws {LoadError} `usage` with all that is wrong */
export function readCompletionsArguments(args: readonly string[]): CompletionsArguments {
  const given = readArguments(args, COMPLETIONS_OPTIONS);
  const { help = false, config } = hold(
    v.strictObject({ config: v.exactOptional(Text), help: Switch }),
    given,
    COMPLETIONS_OPTIONS,
  );
  const [word = "", ...more] = given.words;
  const what = [...SHELLS, ...NAME_KINDS].find((name) => name === word);
  if (!help && (what === undefined || more.length > 0)) {
    throw usage(`snakepipe completions takes the name of a shell: ${SHELLS.join(", ")}`);
  }
  return { what, help, ...defined({ config }) };
}
