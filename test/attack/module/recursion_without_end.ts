/** Calls itself. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(call $r)", { fields: ["(func $r (call $r))"] }),
  stopped: "load",
  code: "plugin_failed",
  says: "stack",
};
