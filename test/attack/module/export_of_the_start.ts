/** Has a function under a name of the host's. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: [`(func (export "_snakepipe_start"))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "reserved",
};
