/** Plans, and says that it has failed. */
import { type ModuleAttack, PLAN, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ exports: { write_batch: `${PLAN} (i32.const 7)` } }),
  stopped: "load",
  code: "plugin_failed",
  says: "it returned 7",
};
