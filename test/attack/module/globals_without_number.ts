/** Fifty thousand globals. */
import { type ModuleAttack, moduleOf, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => moduleOf([6, vectorOf(50_000, [0x7f, 0, 0x41, 0, 0x0b])]),
  stopped: "folder",
  code: "plugin_refused",
  says: "globals, at most",
};
