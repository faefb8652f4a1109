/** Settings of a backend that is registered, held to its schema and read, without connecting. */
import { parse } from "../../src/config/parse.ts";
import type { BackendPlace } from "../../src/model/backend_place.ts";
import type { Config } from "../../src/model/config_schema.ts";
import type { BackendEntry, Registry } from "../../src/registry/registry.ts";
import { checkUncontested } from "./register_folder.ts";

/** Settings as the schema takes them. @throws {LoadError} `config_invalid` with every failing path */
export function settingsOf({ info, schema }: BackendEntry, config: unknown): Config {
  return parse(schema, config, {
    what: `The configuration of backend ${info.type}`,
    code: "config_invalid",
    blame: "config",
  });
}

/** See `Host.placeOf`. @throws {LoadError} `backend_unknown`, `config_invalid` */
export function placeIn(
  registry: Registry,
  type: string,
  config: unknown,
): BackendPlace | undefined {
  const all = registry.discoverAvailableBackends();
  checkUncontested(all, type, (info) => info.type === type);
  const { entry, release } = registry.lease(type);
  try {
    return entry.place?.(settingsOf(entry, config));
  } finally {
    release();
  }
}
