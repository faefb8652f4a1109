/** Takes a block of a negative size. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(drop (call $alloc (i64.const -1)))"),
  stopped: "load",
  code: "plugin_violation",
  says: "a block of -1 bytes",
};
