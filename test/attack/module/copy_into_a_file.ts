/** Plans a COPY for a database that has none. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      capabilities: ["sql_copy"],
      texts: ["COPY {table} ({columns}) FROM STDIN"],
      exports: {
        write_batch:
          "(call $sql_copy (call $text (i32.const 4)) (i32.const 0) (i32.const 0)) (i32.const 0)",
      },
    }),
  stopped: "load",
  code: "plan_refused",
  says: "copy.sql",
};
