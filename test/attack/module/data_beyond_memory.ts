/** Data that would stand where there is no memory. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: [`(data (i32.const 0x7fffffff) "x")`] }),
  stopped: "folder",
  code: "plugin_failed",
  says: "failed in start",
};
