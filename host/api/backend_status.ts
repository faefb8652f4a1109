/** What is told of a backend that is connected. */
import type { DatabaseBackend } from "../../src/model/backend.ts";
import { defined } from "../../src/model/defined.ts";
import { pluginOf } from "../observe/load_records.ts";
import type { BackendStatus } from "./status_schema.ts";

/** What it says of itself, without secrets in its words. */
export function backendStatus(
  backend: DatabaseBackend,
  redact: (text: string) => string,
): Pick<BackendStatus, "endpoint" | "plugin" | "pools" | "breaker" | "health"> {
  const { breaker: known, ...health } = backend.health ?? {};
  const redacted = <T extends { readonly detail?: string }>(told: T | undefined): T | undefined =>
    told?.detail === undefined ? told : { ...told, detail: redact(told.detail) };
  return {
    pools: backend.pools ?? [],
    ...defined({
      endpoint: backend.endpoint,
      plugin: pluginOf(backend),
      breaker: redacted(backend.breaker ?? known),
      health: "status" in health ? redacted(health) : undefined,
    }),
  };
}
