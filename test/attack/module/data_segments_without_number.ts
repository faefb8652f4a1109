/** Fifty thousand pieces of data. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([11, vectorOf(50_000, [1, 0])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "data segments, at most",
};
