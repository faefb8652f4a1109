/** What the backends that a plugin makes can do. */
import type { BackendCapabilities } from "../../src/model/backend.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Driver } from "../drivers/driver.ts";
import type { Plugin } from "./sandbox/plugin.ts";

/** What the plugin says, within what its driver and this program can do. */
export function capabilitiesOf(plugin: Plugin, driver: Driver): BackendCapabilities {
  const { modes, transactions, limits } = plugin.manifest.capabilities;
  return {
    modes,
    transactions,
    ledger: true,
    batchRowsMax: LIMITS.batchRowsMax,
    batchBytesMax: LIMITS.batchBytesMax,
    identifierBytesMax: Math.min(limits.identifierBytesMax, driver.identifierBytesMax),
  };
}
