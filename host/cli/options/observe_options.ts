/** What the options of the commands come to that look at what loads do. */
import * as v from "valibot";
import type { Setting } from "../../../src/config/load_settings.ts";
import { count } from "../../../src/config/setting_value.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { readArguments } from "./arguments.ts";
import { AUDIT_OPTIONS, LOADS_OPTIONS, STATUS_OPTIONS } from "./observe_option_specs.ts";
import {
  COMMON,
  hold,
  optionsOnly,
  type PluginOptions,
  Settings,
  Switch,
  Text,
  usage,
} from "./option_values.ts";

/** A command line of `snakepipe audit`, checked. */
export interface AuditArguments {
  readonly file: string;
  /** Hash of a record that was the last one before. */
  readonly head?: string;
  readonly json: boolean;
  readonly help: boolean;
}

const AuditSchema = v.strictObject({
  head: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Expected a SHA-256 of 64 hex digits")),
  ),
  json: Switch,
  help: Switch,
});

/** Reads the words behind `audit`. @throws {LoadError} `usage` with all that is wrong */
export function readAuditArguments(args: readonly string[]): AuditArguments {
  const given = readArguments(args, AUDIT_OPTIONS);
  const { json = false, help = false, ...named } = hold(AuditSchema, given, AUDIT_OPTIONS);
  const [verb, file = "", ...more] = given.words;
  if (!help && (verb !== "verify" || file === "" || more.length > 0)) {
    throw usage("snakepipe audit takes verify and one file, as in audit verify FILE");
  }
  return { ...named, file, json, help };
}

/** What the words of a command say of the target. */
export interface LedgerTarget extends PluginOptions {
  readonly to?: string;
  /** By which a route is found, where the target is not named. */
  readonly table?: string;
  /** Settings as they were written, still without types. */
  readonly set: Readonly<Record<string, Setting>>;
}

const TARGET = {
  ...COMMON,
  to: v.exactOptional(Text),
  set: v.exactOptional(Settings),
  locked: Switch,
};

/** A command line of `snakepipe loads`, checked. */
export interface LoadsArguments extends LedgerTarget {
  /** Loads at the most. */
  readonly limit: number;
}

const LoadsSchema = v.strictObject({
  ...TARGET,
  table: v.exactOptional(Text),
  limit: v.exactOptional(count(LIMITS.pastLoadsMax)),
});

/** Reads the words behind `loads`. @throws {LoadError} `usage` with all that is wrong */
export function readLoadsArguments(args: readonly string[]): LoadsArguments {
  const given = readArguments(args, LOADS_OPTIONS);
  const { limit = LIMITS.pastLoadsDefault, ...o } = hold(LoadsSchema, given, LOADS_OPTIONS);
  optionsOnly(given, "loads");
  return { ...ledgerTarget(o), limit };
}

/** A command line of `snakepipe status`, checked. */
export interface StatusArguments extends Omit<LedgerTarget, "table"> {
  /** Whether to go on until a signal. */
  readonly watch: boolean;
}

const StatusSchema = v.strictObject({ ...TARGET, watch: Switch });

/** Reads the words behind `status`. @throws {LoadError} `usage` with all that is wrong */
export function readStatusArguments(args: readonly string[]): StatusArguments {
  const given = readArguments(args, STATUS_OPTIONS);
  const { watch = false, ...o } = hold(StatusSchema, given, STATUS_OPTIONS);
  optionsOnly(given, "status");
  return { ...ledgerTarget(o), watch };
}

function ledgerTarget(
  { set = {}, locked = false, json = false, help = false, ...named }: Partial<LedgerTarget>,
): LedgerTarget {
  return { ...named, set, locked, json, help };
}
