/** The JSON Schema of a configuration, made of what it is held to, for editors and documentation. */
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { ConfigFileSchema } from "../../../src/config/config_content.ts";
import type { BackendInfo } from "../../../src/model/backend.ts";
import type { ConfigField } from "../../../src/model/config_schema.ts";
import { LOAD_OPTIONS } from "../options/option_specs.ts";
import { settingOf } from "../options/option_values.ts";

/** What settings of the file, and of loads, are for, where no option says so. */
const WORDS: Readonly<Record<string, string>> = {
  $schema: "Where editors find the JSON Schema of this file",
  plugins: "Folder of plugins; the built-in ones by default",
  locked: "Whether only the plugins that plugins.lock knows are let in; false by default",
  trustedKeys:
    "Ed25519 public keys, raw and in base64, of which one must have signed each plugin; by default no signature is needed",
  uploads:
    "Whether snakepipe serve puts plugins into the folder that come by its API; false by default",
  audit: "File that audit records are appended to; none by default",
  default: "Name of the backend for tables without a route",
  backends: "Backends by name: the type, and the settings of that type",
  routes:
    "Which tables go to which backend; the first pattern that fits decides, * is any characters",
  loads: "Loads by name, for snakepipe run",
  source: "What is loaded: a path, a glob or ast: and a path, or a list of them",
  after: "Names of loads that must be complete before this one begins",
  set: "Settings of the backend for this load alone, by name",
  watch: "Whether snakepipe serve loads it when its source changes; false by default",
  schedule: 'When snakepipe serve loads it, in the words of cron, such as "0 3 * * *"',
};

/** The JSON Schema; of backends, it knows the settings of those types that are there. */
export function configJsonSchema(infos: readonly BackendInfo[]): JsonSchema {
  const schema = converted(ConfigFileSchema);
  const types = infos.filter(({ status }) => status === "available")
    .toSorted((a, b) => a.type < b.type ? -1 : 1);
  const { backends, loads } = schema.properties as Record<string, JsonSchema>;
  describe(schema, (name) => WORDS[name]);
  backends!.additionalProperties = {
    type: "object",
    required: ["type"],
    anyOf: [
      ...types.map(backendSchema),
      {
        properties: { type: { type: "string", not: { enum: types.map(({ type }) => type) } } },
      },
    ],
  };
  const load = loads!.additionalProperties as JsonSchema;
  const options = new Map(LOAD_OPTIONS.map((spec) => [settingOf(spec.name), spec.help]));
  describe(load, (name) => WORDS[name] ?? options.get(name)?.replaceAll("\n", " "));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of snakepipe",
    ...schema,
    allowTrailingCommas: true,
  } as JsonSchema;
}

function describe({ properties = {} }: JsonSchema, wordsOf: (name: string) => string | undefined) {
  for (const [name, property] of Object.entries(properties)) {
    const description = wordsOf(name);
    if (typeof property === "object" && description !== undefined) {
      Object.assign(property, { description });
    }
  }
}

function backendSchema(
  { type, configSchema: { properties, required = [] } }: BackendInfo,
): JsonSchema {
  return {
    properties: {
      type: { const: type },
      ...Object.fromEntries(
        Object.entries(properties).map(([name, field]) => [name, fieldSchema(field)]),
      ),
    },
    required: [...required],
    additionalProperties: false,
  };
}

function fieldSchema(field: ConfigField): JsonSchema {
  if (field.type !== "string" || field.enum === undefined) return { ...field } as JsonSchema;
  // A variable of the environment may stand in its place.
  const { enum: words, ...rest } = field;
  return { ...rest, anyOf: [{ enum: [...words] }, { pattern: "\\$\\{" }] } as JsonSchema;
}

function converted(schema: v.GenericSchema): JsonSchema {
  return toJsonSchema(schema, {
    typeMode: "input",
    // What JSON Schema has no word for, the program checks.
    errorMode: "ignore",
  });
}
