/** Calls what is not in its table. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call_indirect (type $v) (i32.const 0))`, {
      fields: [`(type $v (func))`, `(table 1 funcref)`],
    }),
  stopped: "load",
  code: "plugin_failed",
  says: "null function",
};
