/** Wants settings that are not its own. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      imports: [`(import "extism:host/env" "config_get" (func (param i64) (result i64)))`],
    }),
  stopped: "folder",
  code: "plugin_refused",
  says: "not a function that this host gives",
};
