/** A hundred tables. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([4, vectorOf(100, [0x70, 0, 1])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "100 tables",
};
