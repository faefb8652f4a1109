/** Asks the host before it was asked. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({ fields: ["(func $begin (drop (call $alloc (i64.const 8))))", "(start $begin)"] }),
  stopped: "folder",
  code: "plugin_violation",
  says: "outside of an export",
};
