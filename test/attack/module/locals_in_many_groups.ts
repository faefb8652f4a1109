/** Twenty thousand locals, one by one. */
import { functionOf, type ModuleAttack, vectorOf } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([...vectorOf(20_000, [1, 0x7e]), 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "locals in a function",
};
