/** Fifty thousand types. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, vectorOf(50_000, [0x60, 0, 0])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "types, at most",
};
