/** The same by way of a table. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x41, 0, 0x13, 0, 0, 0x0b], [4, [1, 0x70, 0, 1]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "tail call",
};
