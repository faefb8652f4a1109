/** Uses a block that it has given back. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (local.set $h (call $text (i32.const 1)))
    (call $free (local.get $h))
    (call $sql_prepare (local.get $h))`),
  stopped: "load",
  code: "plugin_violation",
  says: "a handle of no block",
};
