/** What is wrong with the settings of backends and loads, by what their plugins say of them. */
import type { Setting } from "../../../src/config/load_settings.ts";
import { parse } from "../../../src/config/parse.ts";
import type { BackendInfo } from "../../../src/model/backend.ts";
import { compileConfigSchema, type ConfigSchema } from "../../../src/model/config_schema.ts";
import { type Issue, LoadError } from "../../../src/model/errors.ts";
import { schemeOf } from "../../../src/model/url_scheme.ts";
import { hasReference } from "../../../src/config/env.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import { isObject, namedIn } from "../../../src/config/references.ts";
import type { Host } from "../../host.ts";
import { typedSettings } from "./target.ts";

/**
 * Every setting of a backend that it would refuse: by its schema, and as a load would read it. Takes the
 * file as it was parsed, whatever else is wrong with it; what refers to the environment in vain is
 * reported elsewhere.
 */
export function backendFaults(
  file: Readonly<Record<string, unknown>>,
  host: Host,
): Issue[] {
  const infos = host.discoverAvailableBackends();
  return Object.entries(isObject(file.backends) ? file.backends : {}).flatMap(([name, backend]) => {
    if (!isObject(backend)) return [];
    const path = `backends.${name}`;
    const faults = faultsOf(path, backend, infos);
    return faults.length > 0 ? faults : placeFaults(path, backend, host);
  });
}

/** What the driver cannot read of settings that fit their schema. */
function placeFaults(
  path: string,
  { type, ...settings }: Readonly<Record<string, unknown>>,
  host: Host,
): Issue[] {
  if (typeof type !== "string") return [];
  const properties = schemaOf(type, host.discoverAvailableBackends())?.properties;
  if (!properties) return [];
  // Of what is still to be filled in, nothing is known but that it is there: a text may hold anything.
  const known = Object.entries(settings).filter(([name, value]) =>
    !isUnresolved(value) || (properties[name]?.type === "string" && !properties[name].enum)
  );
  try {
    host.placeOf(type, Object.fromEntries(known));
    return [];
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return error.issues.filter(({ path: name }) => !isUnresolved(settings[name]))
      .map((issue) => ({ path: `${path}.${issue.path}`, message: issue.message }));
  }
}

function faultsOf(
  path: string,
  { type, ...settings }: Readonly<Record<string, unknown>>,
  infos: readonly BackendInfo[],
): Issue[] {
  if (typeof type !== "string" || type === "" || hasReference(type)) return [];
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

/** Settings of loads that the backends of their targets would refuse. */
export function loadSetFaults(
  file: Readonly<Record<string, unknown>>,
  host: Host,
): Issue[] {
  const infos = host.discoverAvailableBackends();
  const backends = isObject(file.backends) ? file.backends : {};
  const typeOf = (to: string): unknown => {
    const backend = Object.hasOwn(backends, to) ? backends[to] : undefined;
    if (isObject(backend)) return backend.type;
    const scheme = schemeOf(to);
    return infos.find(({ schemes, status }) =>
      status === "available" && scheme !== undefined && schemes.includes(scheme)
    )?.type;
  };
  return Object.entries(isObject(file.loads) ? file.loads : {}).flatMap(([name, load]) => {
    if (!isObject(load) || !isObject(load.set)) return [];
    const { set } = load;
    const path = `loads.${name}.set`;
    const named = namedIn(load.to ?? file.default).filter((to) => typeof to === "string");
    const faults = named.flatMap((to) => {
      const schema = schemaOf(typeOf(to), infos);
      return schema ? setFaults(path, set, schema) : [];
    });
    // Several targets may say the same.
    return [...new Map(faults.map((fault) => [`${fault.path} ${fault.message}`, fault])).values()];
  });
}

/** Settings of one load stand beside those of the backend: they may lack what it requires. */
function setFaults(
  path: string,
  set: Readonly<Record<string, unknown>>,
  { type, properties }: ConfigSchema,
): Issue[] {
  const written = Object.entries(set).filter((entry): entry is [string, Setting] =>
    ["string", "number", "boolean"].includes(typeof entry[1]) && !isUnresolved(entry[1])
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
  if (typeof value === "string") return hasReference(value);
  return value !== undefined && !["number", "boolean"].includes(typeof value);
}

function schemaOf(type: unknown, infos: readonly BackendInfo[]): ConfigSchema | undefined {
  return infos.find((info) => info.type === type && info.status === "available")?.configSchema;
}
