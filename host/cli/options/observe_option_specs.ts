/** The options of the commands that look at what loads do. */
import { LIMITS } from "../../../src/model/limits.ts";
import { HELP_OPTION, type OptionSpec } from "./arguments.ts";
import {
  CONFIG_OPTION,
  JSON_OPTION,
  LOCKED_OPTION,
  PLUGINS_OPTION,
  SET_OPTION,
  TO_OPTION,
} from "./option_specs.ts";

/** Options of `snakepipe loads`. */
export const LOADS_OPTIONS: readonly OptionSpec[] = [
  TO_OPTION,
  { name: "table", value: "NAME", help: "Loads into the table of that name alone" },
  {
    name: "limit",
    value: "N",
    help: `Loads at the most; ${LIMITS.pastLoadsDefault} by default`,
  },
  SET_OPTION,
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe audit`. */
export const AUDIT_OPTIONS: readonly OptionSpec[] = [
  {
    name: "head",
    value: "HASH",
    help: "The head that an earlier verify has told: it has to be in the file still",
  },
  JSON_OPTION,
  HELP_OPTION,
];
