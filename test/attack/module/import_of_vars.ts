/** Wants to remember things from call to call. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ imports: [`(import "extism:host/env" "var_set" (func (param i64 i64)))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "not a function that this host gives",
};
