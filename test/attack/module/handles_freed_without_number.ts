/** Gives back every handle that there could be. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(loop $l (call $free (i64.shl (i64.extend_i32_u (local.get $i)) (i64.const 48)))
      (local.set $i (i32.add (local.get $i) (i32.const 1))) (br_if $l (i32.lt_u (local.get $i) (i32.const 65536))))`),
  stopped: "load",
  code: "plugin_violation",
  says: "a handle of no block",
};
