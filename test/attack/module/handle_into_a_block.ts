/** A handle that points behind a block's start. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(call $sql_prepare (i64.add (call $text (i32.const 1)) (i64.const 1)))"),
  stopped: "load",
  code: "plugin_violation",
  says: "the middle of a block",
};
