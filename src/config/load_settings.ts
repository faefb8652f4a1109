/**
 * The settings of a load: what `snakepipe load` takes as options, and a load of the configuration as
 * properties. A setting is called as its option is, in camel case: `batchRows` is `--batch-rows`.
 */
import * as v from "valibot";
import type { RejectLimit } from "../model/reject_limit.ts";
import { WRITE_MODES, type WriteMode } from "../model/batch.ts";
import { BYTES_FORMS, type BytesForm } from "../model/bytes_form.ts";
import { LIMITS } from "../model/limits.ts";
import { NUL_RULES, type NulRule } from "../model/nul_rule.ts";
import { SOURCE_FORMATS, type SourceFormat } from "../model/source_format.ts";
import { type Destination, DestinationSchema } from "./destination.ts";
import { count, oneOf, Rejects, Switch, Text, texts } from "./setting_value.ts";

/** A setting of a backend, as it is written. */
export type Setting = string | number | boolean;

/** What a load is told, from a command line or a configuration. All are as they were written. */
export interface LoadSettings {
  /** Names of backends, or URLs. */
  readonly to?: Destination;
  readonly table?: string;
  readonly mode?: WriteMode;
  readonly key?: readonly string[];
  /** File with the columns. */
  readonly schema?: string;
  readonly indexes?: "after";
  /** Settings of the backend for this load. */
  readonly set?: Readonly<Record<string, Setting>>;
  readonly format?: SourceFormat;
  readonly delimiter?: string;
  readonly header?: readonly string[];
  readonly null?: string;
  readonly nul?: NulRule;
  readonly bytes?: BytesForm;
  readonly allFiles?: boolean;
  /** The name by which the load is known again. */
  readonly load?: string;
  readonly fresh?: boolean;
  readonly sameTable?: boolean;
  readonly allowEmpty?: boolean;
  readonly maxRejects?: RejectLimit;
  /** File that rejects are appended to. */
  readonly rejects?: string;
  readonly rejectsTable?: boolean;
  readonly connections?: number;
  readonly batchRows?: number;
  readonly batchBytes?: number;
}

/** The settings of a load, and what it loads. */
export interface SourceSettings extends LoadSettings {
  /** Paths, globs, or `ast:` and a path; on a command line also `-`. */
  readonly source: readonly string[];
}

/** A load of the configuration: its paths are relative to the configuration's folder. */
export interface NamedLoad extends SourceSettings {
  /** Names of loads that must be complete before this one begins. */
  readonly after?: readonly string[];
  /** Whether `snakepipe serve` loads it when its source changes. */
  readonly watch?: boolean;
  /** When `snakepipe serve` loads it, in the words of cron. */
  readonly schedule?: string;
}

/** Names of columns. */
const Names = texts({
  what: "the name of a column",
  twice: "Names a column twice",
  commas: true,
});

/** The schema of a {@linkcode Setting}. */
export const SettingValue: v.GenericSchema<unknown, Setting> = v.union(
  [v.string(), v.pipe(v.number(), v.finite()), v.boolean()],
  "Expected a string, a number or a boolean",
);

/** The settings of a backend, by name. */
export const BackendSettings: v.GenericSchema<unknown, Record<string, Setting>> = v.record(
  v.string(),
  SettingValue,
  "Expected an object of settings by name",
);

/** The schema of each setting of {@linkcode LoadSettings}. */
export const LOAD_SETTINGS = {
  to: v.exactOptional(DestinationSchema),
  table: v.exactOptional(Text),
  mode: v.exactOptional(oneOf(WRITE_MODES)),
  key: v.exactOptional(Names),
  schema: v.exactOptional(Text),
  indexes: v.exactOptional(oneOf(["after"])),
  set: v.exactOptional(BackendSettings),
  format: v.exactOptional(oneOf(SOURCE_FORMATS)),
  delimiter: v.exactOptional(v.pipe(
    Text,
    v.transform((text) => text === "\\t" || text === "tab" ? "\t" : text),
  )),
  header: v.exactOptional(Names),
  null: v.exactOptional(v.string("Expected a string")),
  nul: v.exactOptional(oneOf(NUL_RULES)),
  bytes: v.exactOptional(oneOf(BYTES_FORMS)),
  allFiles: v.exactOptional(Switch),
  load: v.exactOptional(Text),
  fresh: v.exactOptional(Switch),
  sameTable: v.exactOptional(Switch),
  allowEmpty: v.exactOptional(Switch),
  maxRejects: v.exactOptional(Rejects),
  rejects: v.exactOptional(Text),
  rejectsTable: v.exactOptional(Switch),
  connections: v.exactOptional(count(LIMITS.poolSizeMax)),
  batchRows: v.exactOptional(count(LIMITS.batchRowsMax)),
  batchBytes: v.exactOptional(count(LIMITS.batchBytesMax)),
} as const;

/** The schema of each setting of a {@linkcode NamedLoad}. */
export const NamedLoadEntries = {
  source: v.pipe(
    texts({ what: "a path, a glob or ast: and a path", twice: "Names a source twice" }),
    v.check(
      (sources) => !sources.includes("-"),
      "Standard input is read once, and is no source of a load that is run again; " +
        "snakepipe load - loads it",
    ),
    v.check(
      (sources) => !sources.some((source) => /^[a-z][a-z0-9+.-]*:\/\//i.test(source)),
      "A source is a file and no URL; the database to load into is named by to",
    ),
  ),
  ...LOAD_SETTINGS,
  after: v.exactOptional(
    texts({ what: "the name of a load", twice: "Names a load twice", commas: true }),
  ),
  watch: v.exactOptional(Switch),
  schedule: v.exactOptional(Text),
} as const;

/** The schema of a load of the configuration, by itself: what it names is checked with the file. */
export const NamedLoadSchema: v.GenericSchema<unknown, NamedLoad> = v.strictObject(
  NamedLoadEntries,
  "Expected an object with a source and the settings of a load",
);
