/** What the options of every command come to. */
import * as v from "valibot";
import { WRITE_MODES, type WriteMode } from "../../src/model/batch.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { RejectLimit } from "../../src/load/reject_budget.ts";
import { BYTES_FORMS, type BytesForm } from "../../src/model/bytes_form.ts";
import { NUL_RULES, type NulRule } from "../../src/model/nul_rule.ts";
import { SOURCE_FORMATS, type SourceFormat } from "../sources/open_source.ts";
import { readArguments } from "./arguments.ts";
import { defined, hold, oneOf, Switch, Text, usage } from "./option_values.ts";
import {
  BACKENDS_OPTIONS,
  CHECK_OPTIONS,
  GRANT_OPTIONS,
  LOAD_OPTIONS,
  REJECTS_OPTIONS,
} from "./option_specs.ts";

/** What every command takes. */
interface CommonOptions {
  readonly config?: string;
  readonly plugins?: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** What every command takes that lets plugins in. */
interface PluginOptions extends CommonOptions {
  readonly locked: boolean;
}

/** A command line of `snakepipe load`, checked. */
export interface LoadArguments extends PluginOptions {
  readonly sources: readonly string[];
  readonly to?: string;
  readonly table?: string;
  readonly mode: WriteMode;
  readonly key?: readonly string[];
  readonly schema?: string;
  readonly format?: SourceFormat;
  readonly delimiter?: string;
  readonly header?: readonly string[];
  readonly nullText?: string;
  readonly nul?: NulRule;
  readonly indexes?: "after";
  readonly bytes?: BytesForm;
  /** Settings as they were written, still without types. */
  readonly set: ReadonlyMap<string, string>;
  readonly connections?: number;
  readonly batchRowsMax?: number;
  readonly batchBytesMax?: number;
  readonly load?: string;
  readonly fresh: boolean;
  readonly allowEmpty: boolean;
  readonly sameTable: boolean;
  readonly allFiles: boolean;
  readonly maxRejects?: RejectLimit;
  readonly rejects?: string;
  readonly rejectTable: boolean;
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
  readonly set: ReadonlyMap<string, string>;
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
  /** Settings as they were written, still without types. */
  readonly set: ReadonlyMap<string, string>;
  readonly json: boolean;
  readonly help: boolean;
}

/** A command line of `snakepipe grant` or `snakepipe revoke`, checked. */
export interface GrantArguments extends CommonOptions {
  /** A path, or the name of a file in the folder of plugins. */
  readonly file: string;
  /** Capability functions. */
  readonly names: readonly string[];
}

/** A number in words that repeat nothing. */
function count(maximum: number): v.GenericSchema<unknown, number> {
  const expected = `Expected a whole number from 1 to ${maximum}`;
  return v.pipe(
    v.string(),
    v.regex(/^[0-9]{1,15}$/, expected),
    v.transform(Number),
    v.minValue(1, expected),
    v.maxValue(maximum, expected),
  );
}

const REJECTS_EXPECTED =
  "Expected a whole number of rows, or a share of them up to 100%, such as 0.5%";

/** `20`, or `0.5%`. */
const Rejects: v.GenericSchema<unknown, RejectLimit> = v.pipe(
  v.string(),
  v.regex(/^([0-9]{1,15}|[0-9]{1,3}(\.[0-9]{1,6})?%)$/, REJECTS_EXPECTED),
  v.transform((text): RejectLimit =>
    text.endsWith("%")
      ? { kind: "share", share: Number(text.slice(0, -1)) / 100 }
      : { kind: "count", rowsMax: Number(text) }
  ),
  v.check((limit) => limit.kind === "count" || limit.share <= 1, REJECTS_EXPECTED),
);

const Names = v.pipe(
  v.array(v.string()),
  v.transform((lists) => lists.flatMap((list) => list.split(",").map((name) => name.trim()))),
  v.check((names) => names.every((name) => name !== ""), "Expected names with commas between them"),
  v.check((names) => new Set(names).size === names.length, "Names a column twice"),
);

const Settings = v.pipe(
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
);

const COMMON = {
  "--config": v.exactOptional(Text),
  "--plugins": v.exactOptional(Text),
  "--json": Switch,
  "--help": Switch,
};

const LoadSchema = v.strictObject({
  ...COMMON,
  "--locked": Switch,
  "--to": v.exactOptional(Text),
  "--table": v.exactOptional(Text),
  "--mode": v.exactOptional(oneOf(WRITE_MODES)),
  "--load": v.exactOptional(Text),
  "--fresh": Switch,
  "--allow-empty": Switch,
  "--same-table": Switch,
  "--all-files": Switch,
  "--max-rejects": v.exactOptional(Rejects),
  "--rejects": v.exactOptional(Text),
  "--rejects-table": Switch,
  "--key": v.exactOptional(Names),
  "--schema": v.exactOptional(Text),
  "--format": v.exactOptional(oneOf(SOURCE_FORMATS)),
  "--delimiter": v.exactOptional(v.pipe(
    Text,
    v.transform((text) => text === "\\t" || text === "tab" ? "\t" : text),
  )),
  "--header": v.exactOptional(Names),
  "--null": v.exactOptional(v.string()),
  "--nul": v.exactOptional(oneOf(NUL_RULES)),
  "--indexes": v.exactOptional(oneOf(["after"])),
  "--bytes": v.exactOptional(oneOf(BYTES_FORMS)),
  "--set": v.exactOptional(Settings),
  "--connections": v.exactOptional(count(LIMITS.poolSizeMax)),
  "--batch-rows": v.exactOptional(count(LIMITS.batchRowsMax)),
  "--batch-bytes": v.exactOptional(count(LIMITS.batchBytesMax)),
  "--audit": v.exactOptional(Text),
  "--quiet": Switch,
  "--verbose": Switch,
});

const RejectsSchema = v.strictObject({
  ...COMMON,
  "--locked": Switch,
  "--to": v.exactOptional(Text),
  "--table": v.exactOptional(Text),
  "--mode": v.exactOptional(oneOf(["append", "upsert"])),
  "--key": v.exactOptional(Names),
  "--bytes": v.exactOptional(oneOf(BYTES_FORMS)),
  "--same-table": Switch,
  "--set": v.exactOptional(Settings),
  "--quiet": Switch,
  "--verbose": Switch,
});

const BackendsSchema = v.strictObject({ ...COMMON, "--locked": Switch, "--check": Switch });

const CheckSchema = v.strictObject({
  "--replay": v.exactOptional(Text),
  "--set": v.exactOptional(Settings),
  "--json": Switch,
  "--help": Switch,
});

const GrantSchema = v.strictObject(COMMON);

/** Reads the words behind `load`. @throws {LoadError} `usage` with all that is wrong */
export function readLoadArguments(args: readonly string[]): LoadArguments {
  const given = readArguments(args, LOAD_OPTIONS);
  const o = hold(LoadSchema, given);
  const help = o["--help"] === true;
  if (!help) checkSources(given.words);
  return {
    ...common(o),
    locked: o["--locked"] === true,
    sources: given.words,
    mode: o["--mode"] ?? "append",
    quiet: o["--quiet"] === true,
    verbose: o["--verbose"] === true,
    set: new Map(o["--set"] ?? []),
    ...defined("to", o["--to"]),
    ...defined("table", o["--table"]),
    ...defined("key", o["--key"]),
    ...defined("schema", o["--schema"]),
    ...defined("format", o["--format"]),
    ...defined("delimiter", o["--delimiter"]),
    ...defined("header", o["--header"]),
    ...defined("nullText", o["--null"]),
    ...defined("nul", o["--nul"]),
    ...defined("indexes", o["--indexes"]),
    ...defined("bytes", o["--bytes"]),
    ...defined("connections", o["--connections"]),
    ...defined("batchRowsMax", o["--batch-rows"]),
    ...defined("batchBytesMax", o["--batch-bytes"]),
    ...defined("load", o["--load"]),
    fresh: o["--fresh"] === true,
    allowEmpty: o["--allow-empty"] === true,
    sameTable: o["--same-table"] === true,
    allFiles: o["--all-files"] === true,
    ...defined("maxRejects", o["--max-rejects"]),
    ...defined("rejects", o["--rejects"]),
    rejectTable: o["--rejects-table"] === true,
    ...defined("audit", o["--audit"]),
  };
}

/** Reads the words behind `rejects`. @throws {LoadError} `usage` with all that is wrong */
export function readRejectsArguments(args: readonly string[]): RejectsArguments {
  const given = readArguments(args, REJECTS_OPTIONS);
  const o = hold(RejectsSchema, given);
  const [verb, file = "", ...more] = given.words;
  const table = o["--table"] ?? "";
  if (o["--help"] !== true) {
    if (verb !== "replay" || file === "" || more.length > 0) {
      throw usage("snakepipe rejects takes replay and one file, as in rejects replay FILE");
    }
    if (table === "") throw usage("A table must be named, as in --table nodes");
  }
  return {
    ...common(o),
    locked: o["--locked"] === true,
    file,
    table,
    mode: o["--mode"] ?? "append",
    sameTable: o["--same-table"] === true,
    set: new Map(o["--set"] ?? []),
    quiet: o["--quiet"] === true,
    verbose: o["--verbose"] === true,
    ...defined("to", o["--to"]),
    ...defined("bytes", o["--bytes"]),
    ...defined("key", o["--key"]),
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
  return {
    file,
    ...defined("replay", o["--replay"]),
    set: new Map(o["--set"] ?? []),
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
    throw usage(`snakepipe ${verb} takes the file of a plugin, and names of capability functions`);
  }
  return { ...common(o), file, names };
}

function common(
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
