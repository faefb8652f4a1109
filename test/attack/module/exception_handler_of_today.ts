/** Would catch it in the newer way. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x1f, 0x40, 0x00, 0x0b, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "exception handling",
};
