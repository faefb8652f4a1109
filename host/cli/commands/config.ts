/** `snakepipe config`: everything that is wrong with a configuration, and its schema for editors. */
import { readConfig } from "../../../src/config/file.ts";
import { expandEnvironment } from "../../../src/config/env.ts";
import { isObject } from "../../../src/config/references.ts";
import type { BackendInfo } from "../../../src/model/backend.ts";
import { counted } from "../../../src/model/counted.ts";
import { type Issue, LoadError, messageOf } from "../../../src/model/errors.ts";
import { createHost } from "../../host.ts";
import { backendFaults } from "../backend_faults.ts";
import { CONFIG_NAME, pluginFolder } from "../config_file.ts";
import { configJsonSchema } from "../config_schema.ts";
import type { ExitStatus } from "../exit_status.ts";
import { helpOf } from "../help.ts";
import { readTextFile } from "../json_file.ts";
import { JsonPlaces, type TextFault } from "../json_places.ts";
import { type ConfigArguments, readConfigArguments } from "../options.ts";
import type { Session } from "../output.ts";
import { redact } from "../redact.ts";
import { scheduleFault } from "../schedule.ts";
import { readSchemaFile } from "../schema_file.ts";

/** Runs the command; 2 where something is wrong with the file. @throws {LoadError} */
export async function configCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readConfigArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("config"));
    return 0;
  }
  return options.verb === "schema"
    ? await showSchema(options, session)
    : await check(options, session);
}

async function showSchema(options: ConfigArguments, { terminal }: Session): Promise<ExitStatus> {
  terminal.json(await configJsonSchema(await knownBackends(options.plugins)), { indented: true });
  return 0;
}

async function check(options: ConfigArguments, session: Session): Promise<ExitStatus> {
  const file = options.file ?? options.config ?? CONFIG_NAME;
  const text = await readTextFile(file, "config_invalid");
  if (text === undefined) {
    throw new LoadError(`No such configuration file: ${file}`, {
      code: "config_invalid",
      blame: "config",
    });
  }
  const faults = await faultsOf({ file, text, plugins: options.plugins });
  const { terminal } = session;
  if (session.json) terminal.json({ file, valid: faults.length === 0, issues: faults });
  else {
    for (const { line, column, path, message } of faults) {
      terminal.result(`${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`);
    }
    terminal.result(
      faults.length === 0 ? `${file} is valid` : `${counted(faults.length, "problem")} in ${file}`,
    );
  }
  return faults.length === 0 ? 0 : 2;
}

/** All that is wrong, in the order in which it stands in the file. */
async function faultsOf(
  { file, text, plugins }: {
    readonly file: string;
    readonly text: string;
    readonly plugins: string | undefined;
  },
): Promise<TextFault[]> {
  const places = new JsonPlaces(text);
  // What is no JSON could be read in several ways: the rest would be guesses.
  if (places.faults.some(({ path }) => path === "")) return [...places.faults];
  const { parse } = await import("@std/jsonc");
  const { dirname, resolve } = await import("@std/path");
  const json = parse(text);
  const issues: Issue[] = [];
  try {
    readConfig(json, {
      file,
      lookup: (name) => Deno.env.get(name),
      resolve: (path) => resolve(dirname(file), path),
      scheduleFault,
    });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    issues.push(...error.issues);
  }
  const { value, secrets } = expandEnvironment(json, (name) => Deno.env.get(name));
  if (isObject(value)) {
    issues.push(...await pluginFaults(value, { plugins, folder: dirname(file) }));
    issues.push(...await schemaFaults(value, (path) => resolve(dirname(file), path)));
  }
  const found = issues.map(({ path, message }) => ({
    path,
    message: redact(message, { secrets, everywhere: false }),
    ...places.placeOf(path),
  }));
  return [...places.faults, ...found]
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

async function pluginFaults(
  file: Readonly<Record<string, unknown>>,
  { plugins, folder }: { readonly plugins: string | undefined; readonly folder: string },
): Promise<Issue[]> {
  const { resolve } = await import("@std/path");
  const own = typeof file.plugins === "string" && !file.plugins.includes("${")
    ? resolve(folder, file.plugins)
    : undefined;
  try {
    return backendFaults(file, await knownBackends(plugins ?? own));
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return [{ path: "plugins", message: error.message.split("\n")[0]! }];
  }
}

/** What the plugins say of themselves. Nothing new is recorded in their lock. */
async function knownBackends(named: string | undefined): Promise<readonly BackendInfo[]> {
  const { NO_CONFIG } = await import("../../../src/config/file.ts");
  await using host = await createHost({ plugins: await pluginFolder(named, NO_CONFIG) });
  return host.discoverAvailableBackends();
}

/** Files of columns that cannot be read, or say what cannot be. */
async function schemaFaults(
  { loads }: Readonly<Record<string, unknown>>,
  resolve: (path: string) => string,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [name, load] of Object.entries(isObject(loads) ? loads : {})) {
    const schema = isObject(load) ? load.schema : undefined;
    if (typeof schema !== "string" || schema === "" || schema.includes("${")) continue;
    try {
      await readSchemaFile(resolve(schema));
    } catch (error) {
      const [what = "", ...faults] = messageOf(error).replace(resolve(schema), schema).split(
        /\n */,
      );
      issues.push({ path: `loads.${name}.schema`, message: `${what} ${faults.join("; ")}`.trim() });
    }
  }
  return issues;
}
