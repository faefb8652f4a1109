/** Asks for a function that hosts of before had. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ imports: [`(import "extism:host/user" "sql_copy" (func (param i64 i32 i32)))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "it was built for version 1 of the contract between host and plugin",
};
