/**
 * Writes the JSON Schema of the configuration, and the tables of the page about it, from what the
 * program holds a configuration to: `deno run -A tools/write_config.ts`.
 */
import { fromFileUrl } from "@std/path";
import { builtPlugins } from "../host/plugins/built_plugins.ts";
import { createHost } from "../host/host.ts";
import { configJsonSchema } from "../host/cli/config/config_schema.ts";
import { LOAD_OPTION_GROUPS } from "../host/cli/options/option_specs.ts";
import { settingOf } from "../host/cli/options/option_values.ts";
import { LOAD_SETTINGS } from "../src/config/load_settings.ts";
import type { BackendInfo } from "../src/model/backend.ts";
import type { ConfigField } from "../src/model/config_schema.ts";

const inDocs = (name: string) => fromFileUrl(new URL(`../docs/${name}`, import.meta.url));
/** The page, and the schema. */
export const PAGE: string = inDocs("configuration.md");
/** See {@linkcode PAGE}. */
export const SCHEMA: string = inDocs("snakepipe.schema.json");

/** What the two files are to hold, from the plugins of this repository. */
export async function configFiles(page: string): Promise<{ page: string; schema: string }> {
  await using host = await createHost({ plugins: builtPlugins() });
  const infos = host.discoverAvailableBackends()
    .filter(({ status }) => status === "available")
    .toSorted((a, b) => a.type < b.type ? -1 : 1);
  const schema = configJsonSchema(infos) as unknown as SchemaObject;
  const load = (schema.properties.loads as SchemaObject).additionalProperties!;
  return {
    schema: `${JSON.stringify(schema, null, 2)}\n`,
    page: [
      ["file", tableOf(schema.properties)],
      ["loads", loadTables(load.properties)],
      ["backends", infos.map(backendTable).join("\n\n")],
    ].reduce((text, [name, part]) => withPart(text, name!, part!), page),
  };
}

interface SchemaObject {
  readonly properties: Readonly<Record<string, SchemaObject>>;
  readonly additionalProperties?: SchemaObject;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaObject[];
}

function withPart(text: string, name: string, part: string): string {
  const place = new RegExp(`(<!-- ${name}: [^>]*-->\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
  if (!place.test(text)) throw new Error(`docs/configuration.md has no place for ${name}`);
  return text.replace(place, (_, begin, end) => `${begin}\n${part}\n\n${end}`);
}

const HEAD = "| setting | value | what it is for |\n|---|---|---|";

function tableOf(properties: Readonly<Record<string, SchemaObject>>): string {
  return [
    HEAD,
    ...Object.entries(properties).map(([name, property]) =>
      row(name, valueOf(property), property.description ?? "")
    ),
  ].join("\n");
}

/** The settings that are options too, by the groups of the help, and those that are not. */
function loadTables(properties: Readonly<Record<string, SchemaObject>>): string {
  const own = Object.entries(properties).filter(([name]) => !Object.hasOwn(LOAD_SETTINGS, name));
  const groups = Object.entries(LOAD_OPTION_GROUPS).map(([title, specs]): [string, string] => {
    const named = specs.map(({ name }) => settingOf(name))
      .filter((name) => Object.hasOwn(LOAD_SETTINGS, name));
    const table = tableOf(Object.fromEntries(named.map((name) => [name, properties[name]!])));
    return [title, named.length === 0 ? "" : table];
  });
  return [
    tableOf(Object.fromEntries(own)),
    ...groups.filter(([, table]) => table !== "")
      .map(([title, table]) => `**${title}**\n\n${table}`),
  ].join("\n\n");
}

function backendTable({ type, schemes, configSchema: { properties, required = [] } }: BackendInfo) {
  const rows = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) ? ", required" : "";
    return row(name, fieldValue(field) + mark, field.description);
  });
  return `### ${type}\n\nSchemes: ${
    schemes.map((scheme) => `\`${scheme}:\``).join(", ")
  }.\n\n${HEAD}\n${rows.join("\n")}`;
}

function row(name: string, value: string, words: string): string {
  const text = words.replaceAll("|", "\\|").replaceAll("\\x", "\\\\x").replaceAll("<", "&lt;");
  return `| \`${name}\` | ${value.replaceAll("|", "\\|")} | ${text} |`;
}

function fieldValue(field: ConfigField): string {
  const words = field.type === "string" && field.enum ? quoted(field.enum) : TYPES[field.type]!;
  const secret = field.type === "string" && field.writeOnly ? ", secret" : "";
  const preset = field.default === undefined
    ? ""
    : `, \`${JSON.stringify(field.default)}\` by default`;
  return words + secret + preset;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "string",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  array: "list",
  object: "object",
};

function valueOf(property: SchemaObject): string {
  if (property.anyOf) return [...new Set(property.anyOf.map(valueOf))].join(" or ");
  return property.enum ? quoted(property.enum) : TYPES[property.type ?? ""] ?? "any";
}

function quoted(words: readonly unknown[]): string {
  return words.map((word) => `\`${JSON.stringify(word)}\``).join(", ");
}

if (import.meta.main) {
  const { page, schema } = await configFiles(await Deno.readTextFile(PAGE));
  await Deno.writeTextFile(PAGE, page);
  await Deno.writeTextFile(SCHEMA, schema);
}
