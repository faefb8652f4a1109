/** What is registered, for who asks and changes nothing. */
import type { BackendInfo } from "../../src/model/backend.ts";
import type { BackendPlace } from "../../src/model/backend_place.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { placeIn } from "./backend_settings.ts";
import { typeOfScheme } from "./type_of_scheme.ts";

/** What is registered, for who asks and changes nothing. */
export interface BackendView {
  /** Every backend: available, draining, refused, quarantined. */
  discoverAvailableBackends(): readonly BackendInfo[];
  /**
   * Where the settings of a backend lead to, without connecting; undefined for one in TypeScript.
   *
   * @throws {LoadError} `backend_unknown`, `config_invalid`
   */
  placeOf(type: string, config: unknown): BackendPlace | undefined;
  /** The backend type that answers to a URL scheme. @throws {LoadError} `backend_unknown` */
  typeOfScheme(scheme: string): string;
}

/** What a registry has now, and whenever it is asked. */
export function viewOf(registry: Registry): BackendView {
  return {
    discoverAvailableBackends: () => registry.discoverAvailableBackends(),
    placeOf: (type, config) => placeIn(registry, type, config),
    typeOfScheme: (scheme) => typeOfScheme(registry, scheme),
  };
}
