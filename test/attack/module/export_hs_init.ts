/** Would be run by the engine, unasked. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: [`(func (export "hs_init"))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "reserved",
};
