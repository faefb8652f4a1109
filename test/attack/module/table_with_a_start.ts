/** A table that is filled as it is made. */
import { type ModuleAttack, moduleOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([4, [1, 0x40, 0x00, 0x70, 0, 1, 0xd0, 0x70, 0x0b]]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a reference of unknown type 0x40",
};
