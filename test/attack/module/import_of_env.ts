/** Asks another namespace. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ imports: [`(import "env" "abort" (func (param i32 i32 i32 i32)))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "not a function that this host gives",
};
