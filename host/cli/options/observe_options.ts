/** What the options of the commands come to that look at what loads do. */
import * as v from "valibot";
import type { Setting } from "../../../src/config/load_settings.ts";
import { count } from "../../../src/config/setting_value.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { readArguments } from "./arguments.ts";
import { AUDIT_OPTIONS, LOADS_OPTIONS, STATUS_OPTIONS } from "./observe_option_specs.ts";
import { hold, Settings, Switch, Text, usage } from "./option_values.ts";

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
export interface LedgerTarget {
  readonly to?: string;
  /** By which a route is found, where the target is not named. */
  readonly table?: string;
  /** Settings as they were written, still without types. */
  readonly set: Readonly<Record<string, Setting>>;
  readonly config?: string;
  readonly plugins?: string;
  readonly locked: boolean;
}

/** A command line of `snakepipe loads`, checked. */
export interface LoadsArguments extends LedgerTarget {
  /** Loads at the most. */
  readonly limit: number;
  readonly help: boolean;
}

const LoadsSchema = v.strictObject({
  to: v.exactOptional(Text),
  table: v.exactOptional(Text),
  limit: v.exactOptional(count(LIMITS.pastLoadsMax)),
  set: v.exactOptional(Settings),
  config: v.exactOptional(Text),
  plugins: v.exactOptional(Text),
  locked: Switch,
  json: Switch,
  help: Switch,
});

/** Reads the words behind `loads`. @throws {LoadError} `usage` with all that is wrong */
export function readLoadsArguments(args: readonly string[]): LoadsArguments {
  const given = readArguments(args, LOADS_OPTIONS);
  const { json: _, ...o } = hold(LoadsSchema, given, LOADS_OPTIONS);
  if (given.words.length > 0) throw usage("snakepipe loads takes options only");
  const { limit = LIMITS.pastLoadsDefault, set = {}, locked = false, help = false, ...named } = o;
  return { ...named, limit, set, locked, help };
}

/** A command line of `snakepipe status`, checked. */
export interface StatusArguments extends Omit<LedgerTarget, "table"> {
  /** Whether to go on until a signal. */
  readonly watch: boolean;
  readonly help: boolean;
}

const StatusSchema = v.strictObject({
  to: v.exactOptional(Text),
  watch: Switch,
  set: v.exactOptional(Settings),
  config: v.exactOptional(Text),
  plugins: v.exactOptional(Text),
  locked: Switch,
  json: Switch,
  help: Switch,
});

/** Reads the words behind `status`. @throws {LoadError} `usage` with all that is wrong */
export function readStatusArguments(args: readonly string[]): StatusArguments {
  const given = readArguments(args, STATUS_OPTIONS);
  const { json: _, ...o } = hold(StatusSchema, given, STATUS_OPTIONS);
  if (given.words.length > 0) throw usage("snakepipe status takes options only");
  const { watch = false, set = {}, locked = false, help = false, ...named } = o;
  return { ...named, watch, set, locked, help };
}
