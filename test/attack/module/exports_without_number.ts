/** Five thousand exports. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([7, vectorOf(5_000, [0, 0, 0])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "exports, at most",
};
