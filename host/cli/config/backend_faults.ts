/** What is wrong with the settings of backends and loads, by what their plugins say of them. */
import type { Setting } from "../../../src/config/load_settings.ts";
import { parse } from "../../../src/config/parse.ts";
import type { BackendInfo } from "../../../src/model/backend.ts";
import { compileConfigSchema, type ConfigSchema } from "../../../src/model/config_schema.ts";
import { type Issue, LoadError } from "../../../src/model/errors.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import { isObject } from "../../../src/config/references.ts";
import { typedSettings } from "./target.ts";

/**
 * Every setting that its backend would refuse. Takes the file as it was parsed, whatever else is wrong
 * with it; what refers to the environment in vain is reported elsewhere.
 */
export function backendFaults(
  file: Readonly<Record<string, unknown>>,
  infos: readonly BackendInfo[],
): Issue[] {
  const backends = isObject(file.backends) ? file.backends : {};
  const loads = isObject(file.loads) ? file.loads : {};
  return [
    ...Object.entries(backends).flatMap(([name, backend]) =>
      isObject(backend) ? faultsOf(`backends.${name}`, backend, infos) : []
    ),
    ...Object.entries(loads).flatMap(([name, load]) => {
      if (!isObject(load) || !isObject(load.set) || typeof load.to !== "string") return [];
      const backend = Object.hasOwn(backends, load.to) ? backends[load.to] : undefined;
      const schema = isObject(backend) ? schemaOf(backend.type, infos) : undefined;
      return schema ? setFaults(`loads.${name}.set`, load.set, schema) : [];
    }),
  ];
}

function faultsOf(
  path: string,
  { type, ...settings }: Readonly<Record<string, unknown>>,
  infos: readonly BackendInfo[],
): Issue[] {
  if (typeof type !== "string" || type === "" || type.includes("${")) return [];
  const schema = schemaOf(type, infos);
  if (schema) return heldTo(schema, settings, path);
  const known = infos.filter(({ status }) => status === "available").map((info) => info.type);
  const refused = infos.find((info) => info.type === type);
  const why = refused
    ? `Backend ${type} is ${refused.status}: ${(refused.reason ?? "").split("\n")[0]}`
    : `No plugin makes a backend of that type${
      didYouMean(type, known) || `, there are: ${known.join(", ") || "none"}`
    }`;
  return [{ path: `${path}.type`, message: why }];
}

/** Settings of one load stand beside those of the backend: they may lack what it requires. */
function setFaults(
  path: string,
  set: Readonly<Record<string, unknown>>,
  { type, properties }: ConfigSchema,
): Issue[] {
  const written = Object.entries(set).filter((entry): entry is [string, Setting] =>
    ["string", "number", "boolean"].includes(typeof entry[1])
  );
  return written.flatMap(([name, value]) => {
    try {
      const typed = typedSettings({ [name]: value }, { type, properties });
      return heldTo({ type, properties }, typed, path);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      return error.issues.map(({ message }) => ({ path: `${path}.${name}`, message }));
    }
  });
}

function heldTo(
  schema: ConfigSchema,
  settings: Readonly<Record<string, unknown>>,
  path: string,
): Issue[] {
  try {
    parse(compileConfigSchema(schema), settings, {
      what: path,
      code: "config_invalid",
      blame: "config",
    });
    return [];
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return error.issues
      .filter(({ path: name }) => !isUnresolved(settings[name]))
      .map((issue) => ({ path: `${path}.${issue.path}`, message: issue.message }));
  }
}

/** A reference to a variable that is not set; or a value that the file's own schema refuses. */
function isUnresolved(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${");
  return value !== undefined && !["number", "boolean"].includes(typeof value);
}

function schemaOf(type: unknown, infos: readonly BackendInfo[]): ConfigSchema | undefined {
  return infos.find((info) => info.type === type && info.status === "available")?.configSchema;
}
