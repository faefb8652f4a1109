/** Everything that is wrong with a configuration, by line and column. */
import { hasReference } from "../../../src/config/env.ts";
import { NO_CONFIG, readConfig } from "../../../src/config/config_content.ts";
import { expandEnvironment } from "../../../src/config/env.ts";
import { isObject } from "../../../src/config/references.ts";
import { withTargetsApart } from "../../../src/config/split_targets.ts";
import type { BackendInfo } from "../../../src/model/backend.ts";
import { type Issue, LoadError, messageOf } from "../../../src/model/errors.ts";
import { SCHEMES } from "../../drivers/load_driver.ts";
import { createHost, type Host } from "../../host.ts";
import { backendFaults, loadSetFaults } from "./backend_faults.ts";
import { loadFaults } from "./load_faults.ts";
import { pluginFolder } from "./config_file.ts";
import { JsonPlaces, type TextFault } from "./json_places.ts";
import { redact } from "../output/redact.ts";
import { scheduleFault } from "./schedule.ts";
import { readSchemaFile } from "./schema_file.ts";

/** All that is wrong, in the order in which it stands in the file. */
export async function configFaults(
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
      schemes: SCHEMES,
    });
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    issues.push(...error.issues);
  }
  const { value: expanded, secrets } = expandEnvironment(json, (name) => Deno.env.get(name));
  if (isObject(expanded)) {
    const value = withTargetsApart(expanded, SCHEMES);
    issues.push(...await pluginFaults(value, { plugins, folder: dirname(file) }));
    issues.push(...await schemaFaults(value, (path) => resolve(dirname(file), path)));
  }
  // What is seen from two sides is told once.
  const told = new Map(issues.map((issue) => [`${issue.path} ${issue.message}`, issue]));
  const found = [...told.values()].map(({ path, message }) => ({
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
  const own = typeof file.plugins === "string" && !hasReference(file.plugins)
    ? resolve(folder, file.plugins)
    : undefined;
  try {
    await using host = await checkingHost(plugins ?? own);
    const faults = backendFaults(file, host);
    return [
      ...faults,
      ...loadSetFaults(file, host),
      ...loadFaults(file, { host, resolve: (path) => resolve(folder, path) }),
    ];
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return [{ path: "plugins", message: error.message.split("\n")[0]! }];
  }
}

/** What the plugins say of themselves. Nothing new is recorded in their lock. */
export async function knownBackends(named: string | undefined): Promise<readonly BackendInfo[]> {
  await using host = await checkingHost(named);
  return host.discoverAvailableBackends();
}

async function checkingHost(named: string | undefined): Promise<Host> {
  return await createHost({ plugins: await pluginFolder(named, NO_CONFIG), readOnly: true });
}

/** Files of columns that cannot be read, or say what cannot be. */
async function schemaFaults(
  { loads }: Readonly<Record<string, unknown>>,
  resolve: (path: string) => string,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [name, load] of Object.entries(isObject(loads) ? loads : {})) {
    const schema = isObject(load) ? load.schema : undefined;
    if (typeof schema !== "string" || schema === "" || hasReference(schema)) continue;
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
