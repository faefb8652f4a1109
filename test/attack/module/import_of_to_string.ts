/** Asks for what a prototype would answer. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ imports: [`(import "extism:host/env" "toString" (func (result i64)))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "not a function that this host gives",
};
