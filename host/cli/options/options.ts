/** What the options of every command come to. */
import * as v from "valibot";
import {
  LOAD_SETTINGS,
  type Setting,
  type SourceSettings,
} from "../../../src/config/load_settings.ts";
import type { ConfigFile } from "../../../src/config/config_content.ts";
import { type Destination, DestinationSchema } from "../../../src/config/destination.ts";
import { count } from "../../../src/config/setting_value.ts";
import { splitTargets } from "../../../src/config/split_targets.ts";
import type { BytesForm } from "../../../src/model/bytes_form.ts";
import { defined as present } from "../../../src/model/defined.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { SCHEMES } from "../../drivers/load_driver.ts";
import { readArguments } from "./arguments.ts";
import { defined, hold, holdSettings, oneOf, Switch, Text, usage } from "./option_values.ts";
import {
  BACKENDS_OPTIONS,
  CHECK_OPTIONS,
  GRANT_OPTIONS,
  LOAD_OPTIONS,
  REJECTS_OPTIONS,
  RUN_OPTIONS,
} from "./option_specs.ts";

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

/** A command line of `snakepipe load`, checked. */
export interface LoadArguments extends PluginOptions {
  /** What is loaded, and how. */
  readonly settings: SourceSettings;
  /** Whether to show what would be done, and do nothing. */
  readonly dryRun: boolean;
  readonly audit?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** A command line of `snakepipe run`, checked. */
export interface RunArguments extends PluginOptions {
  /** Names of loads; all of the configuration where there are none. */
  readonly names: readonly string[];
  /** Loads at once. */
  readonly jobs: number;
  /** Whether to show what would be done, and do nothing. */
  readonly dryRun: boolean;
  readonly audit?: string;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** A command line of `snakepipe rejects replay`, checked. */
export interface RejectsArguments extends PluginOptions {
  readonly file: string;
  readonly to?: string;
  readonly table: string;
  readonly mode: "append" | "upsert";
  readonly key?: readonly string[];
  readonly bytes?: BytesForm;
  readonly sameTable: boolean;
  /** Settings as they were written, still without types. */
  readonly set: Readonly<Record<string, Setting>>;
  readonly quiet: boolean;
  readonly verbose: boolean;
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

/** Several have a comma between them: {@linkcode namesApart} finds the names behind URLs. */
const Targets = v.pipe(
  v.array(v.string()),
  v.transform((given) => given.flatMap((text) => splitTargets(text, { schemes: SCHEMES }))),
  v.transform((targets): unknown => targets.length === 1 ? targets[0] : targets),
  DestinationSchema,
);

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

/** What every command takes, as settings. */
const PROGRAM = {
  config: v.exactOptional(Text),
  plugins: v.exactOptional(Text),
  locked: v.exactOptional(v.boolean()),
  audit: v.exactOptional(Text),
  json: v.exactOptional(v.boolean()),
  help: v.exactOptional(v.boolean()),
  quiet: v.exactOptional(v.boolean()),
  verbose: v.exactOptional(v.boolean()),
};

/** The schema of what every command takes, by option. */
export const COMMON = {
  "--config": v.exactOptional(Text),
  "--plugins": v.exactOptional(Text),
  "--json": Switch,
  "--help": Switch,
};

const LoadSchema = v.strictObject({
  ...PROGRAM,
  dryRun: v.exactOptional(v.boolean()),
  ...LOAD_SETTINGS,
  to: v.exactOptional(Targets),
  set: v.exactOptional(Settings),
});

const RunSchema = v.strictObject({
  ...PROGRAM,
  dryRun: v.exactOptional(v.boolean()),
  jobs: v.exactOptional(count(LIMITS.jobsMax)),
});

const { audit: _audit, ...REPLAY_PROGRAM } = PROGRAM;
const RejectsSchema = v.strictObject({
  ...REPLAY_PROGRAM,
  to: v.exactOptional(Text),
  table: LOAD_SETTINGS.table,
  mode: v.exactOptional(oneOf(["append", "upsert"])),
  key: LOAD_SETTINGS.key,
  bytes: LOAD_SETTINGS.bytes,
  sameTable: LOAD_SETTINGS.sameTable,
  set: v.exactOptional(Settings),
});

const BackendsSchema = v.strictObject({ ...COMMON, "--locked": Switch, "--check": Switch });

const CheckSchema = v.strictObject({
  "--replay": v.exactOptional(Text),
  "--to": v.exactOptional(Text),
  "--only": v.exactOptional(v.pipe(
    Text,
    v.transform((text) => text.split(",").map((name) => name.trim())),
  )),
  "--quirks": v.exactOptional(Text),
  "--set": v.exactOptional(Settings),
  "--json": Switch,
  "--help": Switch,
});

const GrantSchema = v.strictObject(COMMON);

/** Reads the words behind `load`. @throws {LoadError} `usage` with all that is wrong */
export function readLoadArguments(args: readonly string[]): LoadArguments {
  const given = readArguments(args, LOAD_OPTIONS);
  const o = holdSettings(LoadSchema, given, LOAD_OPTIONS);
  const {
    config,
    plugins,
    locked,
    audit,
    json,
    help,
    quiet,
    verbose,
    dryRun = false,
    ...settings
  } = o;
  if (!help) checkSources(given.words);
  return {
    ...programOptions({ config, plugins, locked, audit, json, help, quiet, verbose }),
    dryRun,
    settings: { ...settings, source: given.words },
  };
}

/** Reads the words behind `run`. @throws {LoadError} `usage` with all that is wrong */
export function readRunArguments(args: readonly string[]): RunArguments {
  const given = readArguments(args, RUN_OPTIONS);
  const { jobs = LIMITS.jobsDefault, dryRun = false, ...program } = holdSettings(
    RunSchema,
    given,
    RUN_OPTIONS,
  );
  return { ...programOptions(program), jobs, dryRun, names: [...new Set(given.words)] };
}

/** Reads the words behind `rejects`. @throws {LoadError} `usage` with all that is wrong */
export function readRejectsArguments(args: readonly string[]): RejectsArguments {
  const given = readArguments(args, REJECTS_OPTIONS);
  const o = holdSettings(RejectsSchema, given, REJECTS_OPTIONS);
  const [verb, file = "", ...more] = given.words;
  const { config, plugins, locked, json, help, quiet, verbose, ...settings } = o;
  const { table = "", mode = "append", sameTable = false, set = {} } = settings;
  if (!help) {
    if (verb !== "replay" || file === "" || more.length > 0) {
      throw usage("snakepipe rejects takes replay and one file, as in rejects replay FILE");
    }
    if (table === "") throw usage("A table must be named, as in --table nodes");
  }
  const { to, bytes, key } = settings;
  return {
    ...programOptions({ config, plugins, locked, json, help, quiet, verbose }),
    ...{ file, table, mode, sameTable, set },
    ...present({ to, bytes, key }),
  };
}

/** Reads the words behind `backends`. @throws {LoadError} `usage` with all that is wrong */
export function readBackendsArguments(args: readonly string[]): BackendsArguments {
  const given = readArguments(args, BACKENDS_OPTIONS);
  const o = hold(BackendsSchema, given);
  if (given.words.length > 0) {
    throw usage("snakepipe backends takes options only");
  }
  return { ...common(o), locked: o["--locked"] === true, check: o["--check"] === true };
}

/** Reads the words behind `check`. @throws {LoadError} `usage` with all that is wrong */
export function readCheckArguments(args: readonly string[]): CheckArguments {
  const given = readArguments(args, CHECK_OPTIONS);
  const o = hold(CheckSchema, given);
  const [file = "", ...more] = given.words;
  const help = o["--help"] === true;
  if (!help && (file === "" || more.length > 0)) {
    throw usage("snakepipe check takes the file of one plugin");
  }
  if (o["--replay"] !== undefined && o["--set"] !== undefined) {
    throw usage("What is replayed has its settings with it: --set and --replay exclude each other");
  }
  if (o["--replay"] !== undefined && o["--to"] !== undefined) {
    throw usage("--replay asks one question and --to loads: they exclude each other");
  }
  const beside = (["--only", "--quirks"] as const).find((name) => o[name] !== undefined);
  if (beside !== undefined && o["--to"] === undefined) {
    throw usage(
      `${beside} is about what is loaded into the database that --to names: it needs --to`,
    );
  }
  return {
    file,
    ...defined("replay", o["--replay"]),
    ...defined("to", o["--to"]),
    ...defined("only", o["--only"]),
    ...defined("quirks", o["--quirks"]),
    set: o["--set"] ?? {},
    json: o["--json"] === true,
    help,
  };
}

/** Reads the words behind `grant` or `revoke`. @throws {LoadError} `usage` with all that is wrong */
export function readGrantArguments(verb: string, args: readonly string[]): GrantArguments {
  const given = readArguments(args, GRANT_OPTIONS);
  const o = hold(GrantSchema, given);
  const [file = "", ...names] = given.words;
  if (file === "" && o["--help"] !== true) {
    throw usage(`snakepipe ${verb} takes the file of a plugin, and names of what it asks for`);
  }
  return { ...common(o), file, names };
}

/**
 * The settings of a load with the targets apart that are named behind a URL: which names there are, the
 * configuration says.
 *
 * @throws {LoadError} `usage` where one is named twice
 */
export function namesApart(
  { to, ...settings }: SourceSettings,
  { backends }: Pick<ConfigFile, "backends">,
): SourceSettings {
  const names = [...backends.keys()];
  if (to === undefined || (typeof to !== "string" && !isList(to))) {
    return { ...settings, ...present({ to }) };
  }
  const targets = [to].flat().flatMap((text) => splitTargets(text, { schemes: SCHEMES, names }));
  if (new Set(targets).size < targets.length) throw usage("--to names a target twice");
  return { ...settings, to: targets.length === 1 ? targets[0]! : targets };
}

function isList(to: Destination): to is readonly string[] {
  return Array.isArray(to);
}

function programOptions(
  o: {
    readonly config?: string | undefined;
    readonly plugins?: string | undefined;
    readonly audit?: string | undefined;
    readonly locked?: boolean | undefined;
    readonly json?: boolean | undefined;
    readonly help?: boolean | undefined;
    readonly quiet?: boolean | undefined;
    readonly verbose?: boolean | undefined;
  },
): Omit<LoadArguments, "settings" | "dryRun"> {
  const { config, plugins, audit } = o;
  const { locked = false, json = false, help = false, quiet = false, verbose = false } = o;
  return { ...present({ config, plugins, audit }), locked, json, help, quiet, verbose };
}

/** What every command takes, as it was given. */
export function common(
  o: {
    readonly "--config"?: string;
    readonly "--plugins"?: string;
    readonly "--json"?: true | undefined;
    readonly "--help"?: true | undefined;
  },
): CommonOptions {
  return {
    ...defined("config", o["--config"]),
    ...defined("plugins", o["--plugins"]),
    json: o["--json"] === true,
    help: o["--help"] === true,
  };
}

function checkSources(sources: readonly string[]): void {
  if (sources.length === 0) {
    throw usage(
      "No source was named: name files, globs, ast: and a folder of source code, or - for standard input",
    );
  }
  // The URL itself is not repeated: its password would be.
  const scheme = sources.map((s) => /^([a-z][a-z0-9+.-]*):\/\//i.exec(s)?.[1]).find(Boolean);
  if (scheme !== undefined) {
    throw usage(
      `A source is a file and no ${scheme}: URL; the database to load into is named by --to`,
    );
  }
}
