/** Never ends as it plans. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(loop $l (br $l))"),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
