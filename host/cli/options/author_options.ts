/** What the options of the commands for authors and users of plugins come to. */
import * as v from "valibot";
import { DRIVER_FAMILIES } from "../../drivers/load_driver.ts";
import { type LanguageName, LANGUAGES } from "../../plugins/author/language.ts";
import { moduleOf } from "../../plugins/author/build_folder.ts";
import { readArguments } from "./arguments.ts";
import { BUILD_OPTIONS, INSTALL_OPTIONS, NEW_OPTIONS } from "./option_specs.ts";
import { defined, hold, oneOf, Switch, Text, usage } from "./option_values.ts";

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

const FAMILIES = DRIVER_FAMILIES.map(({ name }) => name);

const NewSchema = v.strictObject({
  "--family": v.exactOptional(oneOf(FAMILIES)),
  "--lang": v.exactOptional(oneOf(LANGUAGES.map(({ name }) => name))),
  "--write": v.exactOptional(oneOf(["copy", "insert"])),
  "--json": Switch,
  "--help": Switch,
});

const BuildSchema = v.strictObject({
  "--out": v.exactOptional(Text),
  "--watch": Switch,
  "--json": Switch,
  "--help": Switch,
});

const InstallSchema = v.strictObject({
  "--config": v.exactOptional(Text),
  "--plugins": v.exactOptional(Text),
  "--name": v.exactOptional(Text),
  "--cert": v.exactOptional(Text),
  "--replace": Switch,
  "--yes": Switch,
  "--locked": Switch,
  "--json": Switch,
  "--help": Switch,
});

/** Reads the words behind `install`. @throws {LoadError} `usage` with all that is wrong */
export function readInstallArguments(args: readonly string[]): InstallArguments {
  const given = readArguments(args, INSTALL_OPTIONS);
  const o = hold(InstallSchema, given);
  const [source = "", ...more] = given.words;
  const help = o["--help"] === true;
  if (!help && (source === "" || more.length > 0)) {
    throw usage("snakepipe install takes one file, or one https: URL with #sha256= behind it");
  }
  return {
    source,
    ...defined("config", o["--config"]),
    ...defined("plugins", o["--plugins"]),
    ...defined("name", o["--name"]),
    ...defined("cert", o["--cert"]),
    replace: o["--replace"] === true,
    yes: o["--yes"] === true,
    locked: o["--locked"] === true,
    help,
  };
}

/** Reads the words behind `new`. @throws {LoadError} `usage` with all that is wrong */
export function readNewArguments(args: readonly string[]): NewArguments {
  const given = readArguments(args, NEW_OPTIONS);
  const o = hold(NewSchema, given);
  const [folder = "", ...more] = given.words;
  const family = o["--family"] ?? "";
  const help = o["--help"] === true;
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
  return {
    ...{ folder, family, help },
    ...defined("language", o["--lang"]),
    ...defined("write", o["--write"]),
  };
}

/** Reads the words behind `build`. @throws {LoadError} `usage` with all that is wrong */
export function readBuildArguments(args: readonly string[]): BuildArguments {
  const given = readArguments(args, BUILD_OPTIONS);
  const o = hold(BuildSchema, given);
  const [folder = "", ...more] = given.words;
  const help = o["--help"] === true;
  const watch = o["--watch"] === true;
  if (!help && (folder === "" || more.length > 0)) {
    throw usage("snakepipe build takes the folder of one plugin, as snakepipe new makes it");
  }
  if (watch && o["--json"]) {
    throw usage("--json prints one object, and --watch goes on: they exclude each other");
  }
  return { folder, out: o["--out"] ?? moduleOf(folder), watch, help };
}
