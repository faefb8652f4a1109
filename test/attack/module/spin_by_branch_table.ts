/** Goes back to the head of its loop by a table. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(loop $l (br_table $l $l $l (i32.const 1)))"),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
