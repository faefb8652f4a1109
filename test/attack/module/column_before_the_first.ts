/** Asks for the column before the first. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(drop (call $batch_column_flags (i32.const -1)))`, {
      capabilities: ["batch_column_flags"],
    }),
  stopped: "load",
  code: "plugin_violation",
  says: "column -1 of",
};
