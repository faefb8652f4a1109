/** Registration of backends written in TypeScript, by decorating their class. */
import type { DatabaseBackend } from "../model/backend.ts";
import type { ConfigSchema } from "../model/config_schema.ts";
import { type RegisterOptions, Registry } from "./registry.ts";

/** Where decorated backends stand; every host takes its share of them when it is created. */
export const decoratedBackends: Registry = new Registry();

/**
 * Class decorator that registers a backend under a type, in every host that is created afterwards
 * and in those that are running.
 *
 * @example
 * ```ts
 * @databaseBackend("memory", { type: "object", properties: {} })
 * class MemoryBackend implements DatabaseBackend { … }
 * ```
 *
 * @throws {LoadError} `backend_invalid`, `backend_exists`
 */
export function databaseBackend(
  type: string,
  configSchema: ConfigSchema,
  options: RegisterOptions = {},
): (implementation: new () => DatabaseBackend, context: ClassDecoratorContext) => void {
  return (implementation) => {
    decoratedBackends.registerBackend(type, implementation, configSchema, options);
  };
}
