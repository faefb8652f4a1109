/** What each command takes: its options, and the words that its first word is one of. */
import type { OptionSpec } from "./arguments.ts";
import { COMPLETIONS_OPTIONS, SHELLS } from "./completions.ts";
import { AUDIT_OPTIONS, LOADS_OPTIONS, STATUS_OPTIONS } from "./observe_option_specs.ts";
import {
  BACKENDS_OPTIONS,
  BUILD_OPTIONS,
  CHECK_OPTIONS,
  CONFIG_OPTIONS,
  DOCTOR_OPTIONS,
  GRANT_OPTIONS,
  INSTALL_OPTIONS,
  LOAD_OPTIONS,
  NEW_OPTIONS,
  REJECTS_OPTIONS,
  RUN_OPTIONS,
  VERSION_OPTIONS,
} from "./option_specs.ts";
import { SERVE_OPTIONS } from "./serve_option_specs.ts";

/** Options by command, in the order in which commands are listed. */
export const COMMAND_OPTIONS = {
  load: LOAD_OPTIONS,
  run: RUN_OPTIONS,
  serve: SERVE_OPTIONS,
  doctor: DOCTOR_OPTIONS,
  config: CONFIG_OPTIONS,
  rejects: REJECTS_OPTIONS,
  backends: BACKENDS_OPTIONS,
  new: NEW_OPTIONS,
  build: BUILD_OPTIONS,
  check: CHECK_OPTIONS,
  install: INSTALL_OPTIONS,
  grant: GRANT_OPTIONS,
  revoke: GRANT_OPTIONS,
  status: STATUS_OPTIONS,
  loads: LOADS_OPTIONS,
  audit: AUDIT_OPTIONS,
  completions: COMPLETIONS_OPTIONS,
  version: VERSION_OPTIONS,
  help: [],
} as const satisfies Readonly<Record<string, readonly OptionSpec[]>>;

/** See {@linkcode COMMANDS}. */
export type Command = keyof typeof COMMAND_OPTIONS;

/** The commands there are. */
export const COMMANDS = Object.keys(COMMAND_OPTIONS) as readonly Command[];

/** The first word of commands that do several things. */
export const COMMAND_WORDS: Readonly<Partial<Record<Command, readonly string[]>>> = {
  config: ["check", "schema"],
  rejects: ["replay"],
  audit: ["verify"],
  completions: SHELLS,
};
