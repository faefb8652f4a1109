/** A block of a type that is longer than it looks. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x02, 0x63, 0x70, 0x0b, 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a block of unknown type",
};
