/** Reads where nothing is. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(drop (call $load_u64 (i64.const 0x7fff000000000000)))"),
  stopped: "load",
  code: "plugin_failed",
  says: "failed in write_batch",
};
