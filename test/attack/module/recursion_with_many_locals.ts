/** Calls itself with frames of 32 kilobytes. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(call $r (i32.const 0))", {
      fields: [
        `(func $r (param i32) (local ${"i64 ".repeat(4_000)})
        (local.set 4000 (i64.const 1)) (call $r (i32.const 1)))`,
      ],
    }),
  stopped: "load",
  code: "plugin_failed",
  says: "stack",
};
