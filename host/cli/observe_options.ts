/** What the options of the commands come to that look at what loads do. */
import * as v from "valibot";
import { readArguments } from "./arguments.ts";
import { AUDIT_OPTIONS } from "./option_specs.ts";
import { defined, hold, Switch, usage } from "./option_values.ts";

/** A command line of `snakepipe audit`, checked. */
export interface AuditArguments {
  readonly file: string;
  /** Hash of a record that was the last one before. */
  readonly head?: string;
  readonly json: boolean;
  readonly help: boolean;
}

const AuditSchema = v.strictObject({
  "--head": v.exactOptional(
    v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Expected a SHA-256 of 64 hex digits")),
  ),
  "--json": Switch,
  "--help": Switch,
});

/** Reads the words behind `audit`. @throws {LoadError} `usage` with all that is wrong */
export function readAuditArguments(args: readonly string[]): AuditArguments {
  const given = readArguments(args, AUDIT_OPTIONS);
  const o = hold(AuditSchema, given);
  const [verb, file = "", ...more] = given.words;
  const help = o["--help"] === true;
  if (!help && (verb !== "verify" || file === "" || more.length > 0)) {
    throw usage("snakepipe audit takes verify and one file, as in audit verify FILE");
  }
  return { file, ...defined("head", o["--head"]), json: o["--json"] === true, help };
}
