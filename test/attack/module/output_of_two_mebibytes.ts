/** Answers with more than anybody would read. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: {
        manifest:
          "(call $output_set (call $alloc (i64.const 2097152)) (i64.const 2097152)) (i32.const 0)",
      },
    }),
  stopped: "folder",
  code: "plugin_violation",
  says: "a text of 2097152 bytes",
};
