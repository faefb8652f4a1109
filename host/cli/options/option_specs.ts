/** The options that the commands take: what is read, and what help shows. */
import { WRITE_MODES } from "../../../src/model/batch.ts";
import { BYTES_FORMS } from "../../../src/model/bytes_form.ts";
import { NUL_RULES } from "../../../src/model/nul_rule.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { DRIVER_FAMILIES } from "../../drivers/load_driver.ts";
import { SOURCE_FORMATS } from "../../../src/model/source_format.ts";
import { HELP_OPTION, type OptionSpec } from "./arguments.ts";

/** The configuration. */
export const CONFIG_OPTION: OptionSpec = {
  name: "config",
  value: "FILE",
  help: "Configuration; snakepipe.jsonc of this folder, where there is one",
};
/** The folder of plugins. */
export const PLUGINS_OPTION: OptionSpec = {
  name: "plugins",
  value: "FOLDER",
  help: "Folder of plugins, instead of the configuration's or the built-in ones",
};
/** Known plugins alone. */
export const LOCKED_OPTION: OptionSpec = {
  name: "locked",
  help: "Use the plugins that plugins.lock knows, and no new ones",
};
/** As most commands take it. */
export const JSON_OPTION: OptionSpec = {
  name: "json",
  help: "Print one JSON object on standard output, also on failure",
};

/** As most commands take it. */
export const TO_OPTION: OptionSpec = {
  name: "to",
  value: "TARGET",
  help: "URL of a database, or name of a backend of the configuration;\n" +
    "by default what its routes say of the table, or its default",
};
const TO_OPTIONS: OptionSpec = {
  ...TO_OPTION,
  repeatable: true,
  help: `${TO_OPTION.help}.\n` +
    "Several with a comma between them, or given again: all rows go to each",
};
const KEY_OPTION: OptionSpec = {
  name: "key",
  value: "A,B",
  repeatable: true,
  help: "Key columns; an upsert needs them",
};
const BYTES_OPTION: OptionSpec = {
  name: "bytes",
  value: "FORM",
  values: BYTES_FORMS,
  help: "How bytes are written: base64, hex or text; by default only hex behind \\x is\n" +
    "taken, as PostgreSQL prints it",
};
const SAME_TABLE_OPTION: OptionSpec = {
  name: "same-table",
  help: "Go on though the table was rebuilt, restored or rewritten since, with\n" +
    "the rows of this load in it",
};
/** As most commands take it. */
export const SET_OPTION: OptionSpec = {
  name: "set",
  value: "NAME=VALUE",
  repeatable: true,
  help: "A setting of the backend; snakepipe backends lists them",
};
/** The debug log. */
export const VERBOSE_OPTION: OptionSpec = {
  name: "verbose",
  help: "Tell each step on standard error, with its times; so does SNAKEPIPE_LOG=debug",
};
const AUDIT_OPTION: OptionSpec = {
  name: "audit",
  value: "FILE",
  help: "Append what is done to this file, as NDJSON",
};
/** Nothing unless something goes wrong. */
export const QUIET_OPTION: OptionSpec = {
  name: "quiet",
  help: "Say nothing unless something goes wrong",
};

const DRY_RUN_OPTION: OptionSpec = {
  name: "dry-run",
  help: "Show what would be done, with its SQL, and change nothing anywhere",
};

/** Options of `snakepipe load`, by what they concern, as its help shows them. */
export const LOAD_OPTION_GROUPS: Readonly<Record<string, readonly OptionSpec[]>> = {
  "Target": [
    TO_OPTIONS,
    {
      name: "table",
      value: "NAME",
      help: "Target table, name or schema.name; by default the name of the one file\n" +
        "that is loaded, or that of an ast: source, which is nodes",
    },
    {
      name: "mode",
      value: "MODE",
      values: WRITE_MODES,
      help: "append (default), upsert (by key, the last row wins), or\n" +
        "replace (into a shadow table, moved into it at the end)",
    },
    KEY_OPTION,
    {
      name: "schema",
      value: "FILE",
      help: "Columns and their types, as JSON, for a table that is new",
    },
    {
      name: "indexes",
      value: "after",
      values: ["after"],
      help: "Drop the indexes that decide nothing of a table that is empty, or that a\n" +
        "replace empties, and make them again when all rows are in",
    },
    SET_OPTION,
  ],
  "Source": [
    {
      name: "format",
      value: "FORMAT",
      values: SOURCE_FORMATS,
      help: `${SOURCE_FORMATS.join(", ")}; by default what the suffix says, ndjson for -`,
    },
    {
      name: "delimiter",
      value: "CHAR",
      help: "Between the fields of CSV; , by default, \\t for a tab",
    },
    {
      name: "header",
      value: "A,B",
      repeatable: true,
      help: "Names of the fields, for CSV without a header line",
    },
    { name: "null", value: "TEXT", help: "What NULL is in CSV, without quotes; empty by default" },
    {
      name: "nul",
      value: "RULE",
      values: NUL_RULES,
      help: "U+0000 in text and JSON: reject the row, strip it, or escape it as the\n" +
        "six characters \\u0000; by default reject where the database takes none",
    },
    BYTES_OPTION,
    {
      name: "all-files",
      help: "Of source code, read node_modules and what .gitignore names too",
    },
  ],
  "A load that is given again": [
    {
      name: "load",
      value: "NAME",
      help: "Name by which the load is known again: the same command goes on where it\n" +
        "stopped, and loads nothing twice; the sources' names by default",
    },
    { name: "fresh", help: "Load again what was loaded before under this name" },
    SAME_TABLE_OPTION,
    {
      name: "allow-empty",
      help: "Let a replace empty the table where no row comes; else it is refused",
    },
  ],
  "Rows that cannot be taken": [
    {
      name: "max-rejects",
      value: "N",
      help: "Rows that may be left out of the whole load, earlier runs included: a number,\n" +
        "or a share (0.5%) that holds at each row, where the first 10,000 count as\n" +
        "10,000, and exactly at the end; 0 by default: the first one stops the load",
    },
    {
      name: "rejects",
      value: "FILE",
      help: "Append rows that are left out to this file, as NDJSON, each with its reason",
    },
    {
      name: "rejects-table",
      help: "Keep them in the table _snakepipe_reject beside the target",
    },
  ],
  "Speed": [
    {
      name: "connections",
      value: "N",
      help: "Connections to write through; as many as help by default",
    },
    {
      name: "batch-rows",
      value: "N",
      help: `Rows of a batch, each a transaction, up to ${LIMITS.batchRowsMax}; else the plan says`,
    },
    {
      name: "batch-bytes",
      value: "N",
      help: `Bytes of a batch, up to ${LIMITS.batchBytesMax}; else the plan says`,
    },
  ],
  "Plugins, configuration, output": [
    CONFIG_OPTION,
    PLUGINS_OPTION,
    LOCKED_OPTION,
    AUDIT_OPTION,
    DRY_RUN_OPTION,
    {
      name: "status",
      value: ":PORT",
      help: "Show the load on a page while it runs, at http://127.0.0.1:PORT/, and to\n" +
        "programs at /status; ADDRESS:PORT for others, which needs --token-file",
    },
    {
      name: "token-file",
      value: "FILE",
      help: "Token that the page of --status asks for; made where it is missing",
    },
    JSON_OPTION,
    VERBOSE_OPTION,
    QUIET_OPTION,
    HELP_OPTION,
  ],
};

/** Options of `snakepipe load`. */
export const LOAD_OPTIONS: readonly OptionSpec[] = Object.values(LOAD_OPTION_GROUPS).flat();

/** Options of `snakepipe run`. */
export const RUN_OPTIONS: readonly OptionSpec[] = [
  {
    name: "jobs",
    value: "N",
    help: `Loads that run side by side, up to ${LIMITS.jobsMax}; ${LIMITS.jobsDefault} by default`,
  },
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  AUDIT_OPTION,
  DRY_RUN_OPTION,
  JSON_OPTION,
  VERBOSE_OPTION,
  QUIET_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe doctor`. */
export const DOCTOR_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe config`. */
export const CONFIG_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  PLUGINS_OPTION,
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe rejects`. */
export const REJECTS_OPTIONS: readonly OptionSpec[] = [
  TO_OPTION,
  { name: "table", value: "NAME", help: "The table that the load was into, name or schema.name" },
  {
    name: "mode",
    value: "MODE",
    values: ["append", "upsert"],
    help: "append (default), or upsert (by key)",
  },
  KEY_OPTION,
  BYTES_OPTION,
  SAME_TABLE_OPTION,
  SET_OPTION,
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  JSON_OPTION,
  VERBOSE_OPTION,
  QUIET_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe backends`. */
export const BACKENDS_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  { name: "check", help: "Connect to the backends of the configuration and ask for their health" },
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe check`. */
export const CHECK_OPTIONS: readonly OptionSpec[] = [
  {
    name: "replay",
    value: "FILE",
    help: "Ask only what it was asked when a load failed, as load --json has told",
  },
  {
    name: "to",
    value: "URL",
    help:
      "Load into this database, in tables of its own that are removed again: every case of the\n" +
      "conformance suite. A run without a failure is kept beside FILE, and snakepipe backends\n" +
      "tells of it for as long as the file stays the same",
  },
  {
    name: "only",
    value: "GROUPS",
    help: "With --to: these groups of cases, with commas between them, such as keys,types;\n" +
      "nothing is measured, and no result is kept",
  },
  {
    name: "quirks",
    value: "FILE",
    help: "With --to: in which cases the database differs, and why, as JSON:\n" +
      '{ "CASE": { "is": WHAT IS FOUND, "why": "REASON" } }; "…" stands for any text',
  },
  { ...SET_OPTION, help: "A setting; the others have their defaults" },
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe new`. */
export const NEW_OPTIONS: readonly OptionSpec[] = [
  {
    name: "family",
    value: "FAMILY",
    values: DRIVER_FAMILIES.map(({ name }) => name),
    help: `The driver that it plans for: ${DRIVER_FAMILIES.map(({ name }) => name).join(", ")}`,
  },
  {
    name: "lang",
    value: "LANGUAGE",
    help: "What it is written in: assemblyscript (default), c, rust",
  },
  {
    name: "write",
    value: "WAY",
    values: ["copy", "insert"],
    help: "How an upsert is written: copy, by way of a temporary table, or insert;\n" +
      "by default what the family's own plugin does",
  },
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe build`. */
export const BUILD_OPTIONS: readonly OptionSpec[] = [
  { name: "out", value: "FILE", help: "Where the module goes; DIR/dist/DIR.wasm by default" },
  {
    name: "watch",
    help:
      "Build again after each save, and say what has changed in the plans, and how long that\n" +
      "took from the save on",
  },
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe install`. */
export const INSTALL_OPTIONS: readonly OptionSpec[] = [
  { name: "yes", help: "Do not ask; without a terminal, nothing is installed without it" },
  { name: "replace", help: "Put it in the place of an earlier version of the same plugin" },
  {
    name: "name",
    value: "FILE",
    help: "What it is called in the folder; as its source by default",
  },
  {
    name: "cert",
    value: "FILE",
    help: "Certificates of authorities, PEM, by which the server is trusted too",
  },
  CONFIG_OPTION,
  PLUGINS_OPTION,
  LOCKED_OPTION,
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe grant` and `snakepipe revoke`. */
export const GRANT_OPTIONS: readonly OptionSpec[] = [
  CONFIG_OPTION,
  PLUGINS_OPTION,
  JSON_OPTION,
  HELP_OPTION,
];

/** Options of `snakepipe version`. */
export const VERSION_OPTIONS: readonly OptionSpec[] = [JSON_OPTION, HELP_OPTION];
