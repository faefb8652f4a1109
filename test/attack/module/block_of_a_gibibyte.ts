/** Takes one block of a gibibyte. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(drop (call $alloc (i64.const 1073741824)))"),
  stopped: "load",
  code: "plugin_violation",
  says: "a block of 1073741824 bytes",
};
