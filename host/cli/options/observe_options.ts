/** What the options of the commands come to that look at what loads do. */
import * as v from "valibot";
import type { Setting } from "../../../src/config/load_settings.ts";
import { count } from "../../../src/config/setting_value.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { readArguments } from "./arguments.ts";
import { AUDIT_OPTIONS, LOADS_OPTIONS } from "./observe_option_specs.ts";
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

/** A command line of `snakepipe loads`, checked. */
export interface LoadsArguments {
  readonly to?: string;
  readonly table?: string;
  /** Loads at the most. */
  readonly limit: number;
  /** Settings as they were written, still without types. */
  readonly set: Readonly<Record<string, Setting>>;
  readonly config?: string;
  readonly plugins?: string;
  readonly locked: boolean;
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
