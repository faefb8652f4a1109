/** Sets an output of minus one byte. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: {
        manifest: "(call $output_set (call $text (i32.const 0)) (i64.const -1)) (i32.const 0)",
      },
    }),
  stopped: "folder",
  code: "plugin_violation",
  says: "bytes of a block",
};
