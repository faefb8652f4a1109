/** A function that goes on behind its end. */
import { functionOf, type ModuleAttack } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => functionOf([0, 0x0b, 0x0b]),
  stopped: "folder",
  code: "plugin_unreadable",
  says: "bytes behind the end of a function",
};
