/** Plans to write the rows twice. */
import { type ModuleAttack, PLAN, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes(PLAN),
  stopped: "load",
  code: "plugin_violation",
  says: "a second",
};
