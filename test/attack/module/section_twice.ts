/** Two sections of types. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, [0]], [1, [0]]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "twice or out of order",
};
