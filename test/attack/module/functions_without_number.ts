/** A hundred thousand functions. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, [1, 0x60, 0, 0]], [3, vectorOf(100_000, [0])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "functions, at most",
};
