/** Calls a function as one of another type. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call_indirect (type $v) (i32.const 0))`, {
      fields: [`(type $v (func))`, `(table funcref (elem $a))`, `(func $a (param i32))`],
    }),
  stopped: "load",
  code: "plugin_failed",
  says: "signature mismatch",
};
