/** Calls itself by way of a table. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(call $r)", {
      fields: ["(table funcref (elem $r))", "(func $r (call_indirect (i32.const 0)))"],
    }),
  stopped: "load",
  code: "plugin_failed",
  says: "stack",
};
