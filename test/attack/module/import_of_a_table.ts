/** Wants a table of the host. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ imports: [`(import "extism:host/user" "t" (table 1 funcref))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "a table cannot be imported",
};
