/** A load from a memory by its number. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x41, 0, 0x28, 0x42, 1, 0, 0x1a, 0x0b], [5, [1, 0, 1]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a further memory",
};
