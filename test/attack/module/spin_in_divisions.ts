/** Spends each unit of fuel on what takes the longest. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (local.set $h (i64.const -1))
    (loop $l
      ${
      "(local.set $h (i64.div_u (i64.const -1) (i64.or (local.get $h) (i64.const 1))))\n".repeat(40)
    }
      (br $l))`),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
