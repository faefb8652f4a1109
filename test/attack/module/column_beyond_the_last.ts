/** Asks for a column that is not there. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(drop (call $batch_column_type (i32.const 0x7fffffff)))`, {
      capabilities: ["batch_column_type"],
    }),
  stopped: "load",
  code: "plugin_violation",
  says: "column 2147483647 of",
};
