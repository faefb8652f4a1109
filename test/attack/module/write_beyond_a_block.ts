/** Writes behind a block's end. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      "(call $store_u8 (i64.add (call $text (i32.const 1)) (i64.const 100000)) (i32.const 1))",
    ),
  stopped: "load",
  code: "plugin_failed",
  says: "failed in write_batch",
};
