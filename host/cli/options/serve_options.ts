/** What the options of `snakepipe serve` come to. */
import * as v from "valibot";
import { LIMITS } from "../../../src/model/limits.ts";
import type { Listen } from "../../api/access.ts";
import { readArguments } from "./arguments.ts";
import { tcpOf } from "./listen_address.ts";
import { SERVE_OPTIONS } from "./serve_option_specs.ts";
import { COMMON, hold, optionsOnly, type PluginOptions, Switch, Text } from "./option_values.ts";

/** A command line of `snakepipe serve`, checked. */
export interface ServeArguments extends PluginOptions {
  /** Nowhere where it is undefined. */
  readonly listen: Listen | undefined;
  readonly tokenFile?: string;
  readonly uploads: boolean;
  readonly names: readonly string[];
  readonly state?: string;
  readonly drainMs: number;
  readonly audit?: string;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

const LISTEN_DEFAULT = "127.0.0.1:7411";

const ADDRESS = "Expected an address and a port, as in 127.0.0.1:7411, unix:PATH, or none";

const ListenSchema: v.GenericSchema<unknown, Listen | undefined> = v.pipe(
  v.string(),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): Listen | undefined => {
    if (value === "none") return undefined;
    const path = /^unix:(.+)$/s.exec(value)?.[1];
    if (path !== undefined) return { kind: "unix", path };
    const listen = tcpOf(value);
    if (listen) return listen;
    addIssue({ message: ADDRESS });
    return NEVER;
  }),
);

const SECONDS = `Expected seconds, from 0 to ${LIMITS.drainSecondsMax}`;

const ServeSchema = v.strictObject({
  ...COMMON,
  locked: Switch,
  listen: v.optional(ListenSchema, LISTEN_DEFAULT),
  tokenFile: v.exactOptional(Text),
  uploads: Switch,
  name: v.exactOptional(v.array(v.pipe(Text, v.toLowerCase()))),
  state: v.exactOptional(Text),
  drain: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,4}(\.\d{1,3})?$/, SECONDS),
      v.transform(Number),
      v.maxValue(LIMITS.drainSecondsMax, SECONDS),
    ),
    String(LIMITS.drainSecondsDefault),
  ),
  audit: v.exactOptional(Text),
  verbose: Switch,
  quiet: Switch,
});

/** Reads the words behind `serve`. @throws {LoadError} `usage` with all that is wrong */
export function readServeArguments(args: readonly string[]): ServeArguments {
  const given = readArguments(args, SERVE_OPTIONS);
  const o = hold(ServeSchema, given, SERVE_OPTIONS);
  optionsOnly(given, "serve");
  const { locked = false, uploads = false, json = false, help = false, ...rest } = o;
  const { verbose = false, quiet = false, name: names = [], drain, ...named } = rest;
  return {
    ...named,
    ...{ locked, uploads, json, help, verbose, quiet },
    ...{ names, drainMs: drain * 1000 },
  };
}
