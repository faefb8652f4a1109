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

/** Options of `snakepipe status`. */
export const STATUS_OPTIONS: readonly OptionSpec[] = [
  {
    name: "watch",
    help: "Go on until Ctrl-C: drawn again on a terminal, a block a second elsewhere",
  },
  {
    name: "to",
    value: "TARGET",
    help: "URL of a database, or name of a backend of the configuration: shows the loads\n" +
      "that its ledgers have as running, and which program has them",
  },
  SET_OPTION,
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  { ...JSON_OPTION, help: `${JSON_OPTION.help};\nwith --watch one a second, each a line` },
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
