/** Answers with a byte that no text has. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: {
        manifest: `(local.set $h (call $alloc (i64.const 1)))
        (call $store_u8 (local.get $h) (i32.const 0xff))
        (call $output_set (local.get $h) (i64.const 1)) (i32.const 0)`,
      },
    }),
  stopped: "folder",
  code: "plugin_violation",
  says: "not UTF-8",
};
