/** Gives up. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(unreachable)"),
  stopped: "load",
  code: "plugin_failed",
  says: "failed in write_batch",
};
