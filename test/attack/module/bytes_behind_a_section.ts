/** A section that is longer than what it holds. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, [0, 0]]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "bytes behind its types",
};
