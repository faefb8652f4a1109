/** What is told of plugins. */
import type { BackendInfo } from "../../src/model/backend.ts";
import { defined } from "../../src/model/defined.ts";
import type { PluginStatus } from "./status_schema.ts";

/** What is told of each, in their order. */
export function pluginStatus(infos: readonly BackendInfo[]): PluginStatus[] {
  return infos.map(({ type, version, status, reason, plugin }) => ({
    ...{ type, version, status, grants: plugin?.grants ?? [] },
    ...defined({ reason, file: plugin?.file, sha256: plugin?.sha256 }),
  }));
}
