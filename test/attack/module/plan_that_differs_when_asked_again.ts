/** Plans honestly when it is first asked, and something more after that. */
import { type ModuleAttack, PLAN, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: ["(global $asked (mut i32) (i32.const 0))"],
      exports: {
        write_batch: `(if (global.get $asked)
            (then (call $sql_prepare (call $text (i32.const 1)))))
          (global.set $asked (i32.const 1)) ${PLAN} (i32.const 0)`,
      },
    }),
  stopped: "load",
  code: "plugin_violation",
  says: "planned the same shape in two ways",
};
