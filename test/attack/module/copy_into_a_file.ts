/** Plans a COPY for a database that has none. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      texts: ["COPY {table} ({columns}) FROM STDIN WITH ({rows})", "({values})"],
      exports: {
        write_batch:
          "(call $sql_insert (call $text (i32.const 4)) (call $text (i32.const 5)) (i32.const 1)) (i32.const 0)",
      },
    }),
  stopped: "load",
  code: "plan_refused",
  says: "insert.sql: COPY stands where INSERT belongs",
};
