/** A file that is larger than a plugin may be. */
import type { ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => new Uint8Array(8 * 1024 * 1024),
  stopped: "folder",
  code: "plugin_refused",
  says: "at most 4194304",
};
