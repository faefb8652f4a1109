/** Prepares for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `(local.set $h (call $text (i32.const 4)))
    (loop $l (call $sql_prepare (local.get $h)) (br $l))`,
      { texts: ["SELECT 1"] },
    ),
  stopped: "load",
  code: "plugin_violation",
  says: "statements in one phase",
};
