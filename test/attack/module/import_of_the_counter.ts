/** Wants the counter of its own fuel. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ imports: [`(import "extism:host/user" "_snakepipe_fuel" (global (mut i64)))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "a global cannot be imported",
};
