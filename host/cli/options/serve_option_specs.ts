/** The options of `snakepipe serve`. */
import { LIMITS } from "../../../src/model/limits.ts";
import { HELP_OPTION, type OptionSpec } from "./arguments.ts";
import {
  CONFIG_OPTION,
  LOCKED_OPTION,
  PLUGINS_OPTION,
  QUIET_OPTION,
  VERBOSE_OPTION,
} from "./option_specs.ts";

/** Options of `snakepipe serve`. */
export const SERVE_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  {
    name: "listen",
    value: "ADDRESS",
    help: "Where the API and its page listen: ADDRESS:PORT, unix:PATH, or none; 127.0.0.1:7411",
  },
  {
    name: "token-file",
    value: "FILE",
    help: "File of the token that each request for a change has to bring; made where it is\n" +
      "missing. Without one, nothing can be changed except through a Unix socket",
  },
  {
    name: "uploads",
    help: "Let the API put plugins into the folder, and take them out; needs --token-file, or\n" +
      "a Unix socket",
  },
  {
    name: "name",
    value: "NAME",
    repeatable: true,
    help: "Host name by which the API may be reached, beside addresses and localhost",
  },
  {
    name: "state",
    value: "FILE",
    help: "What is unfinished, and the lock that keeps a second serve away; by default\n" +
      "beside the configuration, with .state in the place of .jsonc",
  },
  {
    name: "drain",
    value: "SECONDS",
    help:
      `How long loads have after a signal to finish the batches in hand; ${LIMITS.drainSecondsDefault}`,
  },
  { name: "audit", value: "FILE", help: "Append what is done to this file, as NDJSON" },
  { name: "json", help: "Tell what happens as lines of JSON on standard output" },
  VERBOSE_OPTION,
  QUIET_OPTION,
  HELP_OPTION,
];
