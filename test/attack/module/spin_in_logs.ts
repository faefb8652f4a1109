/** Writes log lines for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `
    (local.set $h (call $text (i32.const 4)))
    (loop $l (call $log_warn (local.get $h)) (br $l))`,
      { texts: ["line"] },
    ),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
