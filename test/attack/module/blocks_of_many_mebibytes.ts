/** Takes block after block of four mebibytes. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(loop $l (drop (call $alloc (i64.const 4194304))) (br $l))"),
  stopped: "load",
  code: "plugin_violation",
  says: "bytes of blocks in one call",
};
