/** No handle at all. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(call $sql_prepare (i64.const 0))"),
  stopped: "load",
  code: "plugin_violation",
  says: "a handle of no block",
};
