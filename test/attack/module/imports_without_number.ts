/** Five thousand imports. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([1, [1, 0x60, 0, 0]], [2, vectorOf(5_000, [0, 0, 0, 0])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "imports, at most",
};
