/** Elements that would stand where there is no table. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      fields: ["(table 1 funcref)", "(elem (i32.const 5) $alloc)"],
    }),
  stopped: "folder",
  code: "plugin_failed",
  says: "failed in start",
};
