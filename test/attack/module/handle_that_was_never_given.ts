/** Guesses a handle. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(call $sql_prepare (i64.const 0x00ff000000000000))"),
  stopped: "load",
  code: "plugin_violation",
  says: "a handle of no block",
};
