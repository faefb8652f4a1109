/** A call of a typed reference. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0xd2, 0, 0x14, 0, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a call by reference",
};
