/** Wants statements of minus one row. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      exports: {
        write_batch:
          "(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3)) (i32.const -1)) (i32.const 0)",
      },
    }),
  stopped: "load",
  code: "plan_refused",
  says: "rowsMax",
};
