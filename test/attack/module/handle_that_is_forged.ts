/** A handle of all ones. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(call $sql_prepare (i64.const -1))"),
  stopped: "load",
  code: "plugin_violation",
};
