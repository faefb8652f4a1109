/** Writes a line of a mebibyte. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes(`(call $log_warn (call $alloc (i64.const 1048576)))`),
  stopped: "load",
  code: "plugin_violation",
  says: "at most 4096",
};
