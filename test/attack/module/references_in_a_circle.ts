/** Two functions that call each other by a table. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(call_indirect (type $v) (i32.const 0))`, {
      fields: [
        `(type $v (func))`,
        `(table funcref (elem $a $b))`,
        `(func $a (call_indirect (type $v) (i32.const 1)))`,
        `(func $b (call_indirect (type $v) (i32.const 0)))`,
      ],
    }),
  stopped: "load",
  code: "plugin_failed",
  says: "stack",
};
