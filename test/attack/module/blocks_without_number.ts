/** Takes block after block, until handles would mean others. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(loop $l (drop (call $alloc (i64.const 1))) (br $l))"),
  stopped: "load",
  code: "plugin_violation",
  says: "blocks in one call",
};
