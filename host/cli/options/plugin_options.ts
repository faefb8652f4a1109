/** What the options of the commands for authors and users of plugins come to. */
import * as v from "valibot";
import type { Setting } from "../../../src/config/load_settings.ts";
import { defined } from "../../../src/model/defined.ts";
import { DRIVER_FAMILIES } from "../../drivers/load_driver.ts";
import { type LanguageName, LANGUAGES } from "../../plugins/author/language.ts";
import { moduleOf } from "../../plugins/author/build_folder.ts";
import { readArguments } from "./arguments.ts";
import {
  BACKENDS_OPTIONS,
  BUILD_OPTIONS,
  CHECK_OPTIONS,
  GRANT_OPTIONS,
  INSTALL_OPTIONS,
  NEW_OPTIONS,
} from "./option_specs.ts";
import {
  COMMON,
  common,
  type CommonOptions,
  hold,
  oneOf,
  optionsOnly,
  type PluginOptions,
  Settings,
  Switch,
  Text,
  usage,
} from "./option_values.ts";

/** A command line of `snakepipe new`, checked. */
export interface NewArguments {
  readonly folder: string;
  readonly family: string;
  readonly language?: LanguageName;
  readonly write?: "copy" | "insert";
  readonly help: boolean;
}

/** A command line of `snakepipe build`, checked. */
export interface BuildArguments {
  readonly folder: string;
  /** Where the module goes. */
  readonly out: string;
  readonly watch: boolean;
  readonly help: boolean;
}

/** A command line of `snakepipe install`, checked. */
export interface InstallArguments {
  /** A path, or an `https:` URL. */
  readonly source: string;
  readonly config?: string;
  readonly plugins?: string;
  readonly name?: string;
  /** A file with certificates of authorities, PEM. */
  readonly cert?: string;
  readonly replace: boolean;
  readonly yes: boolean;
  readonly locked: boolean;
  readonly help: boolean;
}

/** A command line of `snakepipe backends`, checked. */
export interface BackendsArguments extends PluginOptions {
  readonly check: boolean;
}

/** A command line of `snakepipe check`, checked. */
export interface CheckArguments {
  readonly file: string;
  /** A file with the question to ask again. */
  readonly replay?: string;
  /** The database to load into. */
  readonly to?: string;
  /** Groups of cases; all where it is left out. */
  readonly only?: readonly string[];
  /** A file that says in what that database differs. */
  readonly quirks?: string;
  /** Settings as they were written, still without types. */
  readonly set: Readonly<Record<string, Setting>>;
  readonly json: boolean;
  readonly help: boolean;
}

/** A command line of `snakepipe grant` or `snakepipe revoke`, checked. */
export interface GrantArguments extends CommonOptions {
  /** A path, or the name of a file in the folder of plugins. */
  readonly file: string;
  /** Capability functions, and words as in `type:vector`. */
  readonly names: readonly string[];
}

const FAMILIES = DRIVER_FAMILIES.map(({ name }) => name);

const NewSchema = v.strictObject({
  family: v.exactOptional(oneOf(FAMILIES)),
  lang: v.exactOptional(oneOf(LANGUAGES.map(({ name }) => name))),
  write: v.exactOptional(oneOf(["copy", "insert"])),
  json: Switch,
  help: Switch,
});

const BuildSchema = v.strictObject({
  out: v.exactOptional(Text),
  watch: Switch,
  json: Switch,
  help: Switch,
});

const InstallSchema = v.strictObject({
  ...COMMON,
  name: v.exactOptional(Text),
  cert: v.exactOptional(Text),
  replace: Switch,
  yes: Switch,
  locked: Switch,
});

const BackendsSchema = v.strictObject({ ...COMMON, locked: Switch, check: Switch });

const CheckSchema = v.strictObject({
  replay: v.exactOptional(Text),
  to: v.exactOptional(Text),
  only: v.exactOptional(v.pipe(
    Text,
    v.transform((text) => text.split(",").map((name) => name.trim())),
  )),
  quirks: v.exactOptional(Text),
  set: v.exactOptional(Settings),
  json: Switch,
  help: Switch,
});

const GrantSchema = v.strictObject(COMMON);

/** Reads the words behind `install`. @throws {LoadError} `usage` with all that is wrong */
export function readInstallArguments(args: readonly string[]): InstallArguments {
  const given = readArguments(args, INSTALL_OPTIONS);
  const { json: _, ...o } = hold(InstallSchema, given, INSTALL_OPTIONS);
  const [source = "", ...more] = given.words;
  const { replace = false, yes = false, locked = false, help = false, ...named } = o;
  if (!help && (source === "" || more.length > 0)) {
    throw usage("snakepipe install takes one file, or one https: URL with #sha256= behind it");
  }
  return { ...named, source, replace, yes, locked, help };
}

/** Reads the words behind `new`. @throws {LoadError} `usage` with all that is wrong */
export function readNewArguments(args: readonly string[]): NewArguments {
  const given = readArguments(args, NEW_OPTIONS);
  const { family = "", lang: language, write, help = false } = hold(NewSchema, given, NEW_OPTIONS);
  const [folder = "", ...more] = given.words;
  if (!help) {
    if (folder === "" || more.length > 0) {
      throw usage("snakepipe new takes one name, as in new mydb --family FAMILY");
    }
    if (family === "") {
      throw usage(
        `A family must be named, as in --family ${FAMILIES[0]}; there are ${FAMILIES.join(", ")}`,
      );
    }
  }
  return { ...{ folder, family, help }, ...defined({ language, write }) };
}

/** Reads the words behind `build`. @throws {LoadError} `usage` with all that is wrong */
export function readBuildArguments(args: readonly string[]): BuildArguments {
  const given = readArguments(args, BUILD_OPTIONS);
  const { out, watch = false, json = false, help = false } = hold(
    BuildSchema,
    given,
    BUILD_OPTIONS,
  );
  const [folder = "", ...more] = given.words;
  if (!help && (folder === "" || more.length > 0)) {
    throw usage("snakepipe build takes the folder of one plugin, as snakepipe new makes it");
  }
  if (watch && json) {
    throw usage("--json prints one object, and --watch goes on: they exclude each other");
  }
  return { folder, out: out ?? moduleOf(folder), watch, help };
}

/** Reads the words behind `backends`. @throws {LoadError} `usage` with all that is wrong */
export function readBackendsArguments(args: readonly string[]): BackendsArguments {
  const given = readArguments(args, BACKENDS_OPTIONS);
  const { locked = false, check = false, ...o } = hold(BackendsSchema, given, BACKENDS_OPTIONS);
  optionsOnly(given, "backends");
  return { ...common(o), locked, check };
}

/** Reads the words behind `check`. @throws {LoadError} `usage` with all that is wrong */
export function readCheckArguments(args: readonly string[]): CheckArguments {
  const given = readArguments(args, CHECK_OPTIONS);
  const { set, json = false, help = false, ...named } = hold(CheckSchema, given, CHECK_OPTIONS);
  const { replay, to } = named;
  const [file = "", ...more] = given.words;
  if (!help && (file === "" || more.length > 0)) {
    throw usage("snakepipe check takes the file of one plugin");
  }
  if (replay !== undefined && set !== undefined) {
    throw usage("What is replayed has its settings with it: --set and --replay exclude each other");
  }
  if (replay !== undefined && to !== undefined) {
    throw usage("--replay asks one question and --to loads: they exclude each other");
  }
  const beside = (["only", "quirks"] as const).find((name) => named[name] !== undefined);
  if (beside !== undefined && to === undefined) {
    throw usage(
      `--${beside} is about what is loaded into the database that --to names: it needs --to`,
    );
  }
  return { ...named, file, set: set ?? {}, json, help };
}

/** Reads the words behind `grant` or `revoke`. @throws {LoadError} `usage` with all that is wrong */
export function readGrantArguments(verb: string, args: readonly string[]): GrantArguments {
  const given = readArguments(args, GRANT_OPTIONS);
  const o = common(hold(GrantSchema, given, GRANT_OPTIONS));
  const [file = "", ...names] = given.words;
  if (file === "" && !o.help) {
    throw usage(`snakepipe ${verb} takes the file of a plugin, and names of what it asks for`);
  }
  return { ...o, file, names };
}
