/** Changes its mind about its error, for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(local.set $h (call $alloc (i64.const 4096)))
    (loop $l (call $error_set (local.get $h)) (br $l))`),
  stopped: "load",
  code: "plugin_violation",
  says: "bytes of texts in one call",
};
