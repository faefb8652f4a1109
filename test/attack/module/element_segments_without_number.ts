/** Fifty thousand pieces of tables. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([9, vectorOf(50_000, [1, 0, 0])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "element segments, at most",
};
