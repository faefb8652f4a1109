/** Reads what it was handed, where it was handed nothing. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThat({ fields: [`(func $f (drop (call $input_offset)))`, `(start $f)`] }),
  stopped: "folder",
  code: "plugin_failed",
  says: "failed in start",
};
