/** Has a number where a function should be. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ without: ["connect"], fields: [`(global (export "connect") i32 (i32.const 0))`] }),
  stopped: "folder",
  code: "plugin_refused",
  says: "export connect: expected () -> (i32)",
};
