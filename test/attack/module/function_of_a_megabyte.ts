/** One function that is nothing but a million times nothing. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, ...new Array(1_000_000).fill(0x01), 0x0b]),
  stopped: "folder",
  code: "plugin_refused",
  says: "a function body of",
};
