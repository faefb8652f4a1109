/** What the options of the commands come to that load. */
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
import { defined } from "../../../src/model/defined.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { SCHEMES } from "../../drivers/load_driver.ts";
import type { Listen } from "../../api/access.ts";
import { readArguments } from "./arguments.ts";
import { StatusAddress } from "./listen_address.ts";
import {
  COMMON,
  hold,
  oneOf,
  type PluginOptions,
  Settings,
  Switch,
  Text,
  usage,
} from "./option_values.ts";
import { LOAD_OPTIONS, REJECTS_OPTIONS, RUN_OPTIONS } from "./option_specs.ts";

/** A command line of `snakepipe load`, checked. */
export interface LoadArguments extends PluginOptions {
  /** What is loaded, and how. */
  readonly settings: SourceSettings;
  /** Whether to show what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Where a page shows it while it runs; nowhere by default. */
  readonly status?: Listen;
  /** Holds the token that the page asks for. */
  readonly tokenFile?: string;
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

/** Several have a comma between them: {@linkcode namesApart} finds the names behind URLs. */
const Targets = v.pipe(
  v.array(v.string()),
  v.transform((given) => given.flatMap((text) => splitTargets(text, { schemes: SCHEMES }))),
  v.transform((targets): unknown => targets.length === 1 ? targets[0] : targets),
  DestinationSchema,
);

/** What commands take that load. */
const PROGRAM = {
  ...COMMON,
  locked: Switch,
  audit: v.exactOptional(Text),
  quiet: Switch,
  verbose: Switch,
};

const LoadSchema = v.strictObject({
  ...PROGRAM,
  dryRun: Switch,
  status: v.exactOptional(StatusAddress),
  tokenFile: v.exactOptional(Text),
  ...LOAD_SETTINGS,
  to: v.exactOptional(Targets),
  set: v.exactOptional(Settings),
});

const RunSchema = v.strictObject({
  ...PROGRAM,
  dryRun: Switch,
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

/** Reads the words behind `load`. @throws {LoadError} `usage` with all that is wrong */
export function readLoadArguments(args: readonly string[]): LoadArguments {
  const given = readArguments(args, LOAD_OPTIONS);
  const o = hold(LoadSchema, given, LOAD_OPTIONS);
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
    status,
    tokenFile,
    ...settings
  } = o;
  if (!help) checkSources(given.words);
  if (status && dryRun) {
    throw usage("--dry-run is over at once: there is nothing for --status to show");
  }
  if (tokenFile !== undefined && !status) {
    throw usage("--token-file is for the page of --status :PORT");
  }
  return {
    ...programOptions({ config, plugins, locked, audit, json, help, quiet, verbose }),
    dryRun,
    ...defined({ status, tokenFile }),
    settings: { ...settings, source: given.words },
  };
}

/** Reads the words behind `run`. @throws {LoadError} `usage` with all that is wrong */
export function readRunArguments(args: readonly string[]): RunArguments {
  const given = readArguments(args, RUN_OPTIONS);
  const { jobs = LIMITS.jobsDefault, dryRun = false, ...program } = hold(
    RunSchema,
    given,
    RUN_OPTIONS,
  );
  return { ...programOptions(program), jobs, dryRun, names: [...new Set(given.words)] };
}

/** Reads the words behind `rejects`. @throws {LoadError} `usage` with all that is wrong */
export function readRejectsArguments(args: readonly string[]): RejectsArguments {
  const given = readArguments(args, REJECTS_OPTIONS);
  const o = hold(RejectsSchema, given, REJECTS_OPTIONS);
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
    ...defined({ to, bytes, key }),
  };
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
    return { ...settings, ...defined({ to }) };
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
  return { ...defined({ config, plugins, audit }), locked, json, help, quiet, verbose };
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
