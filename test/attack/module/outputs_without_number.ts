/** Sets a mebibyte as its output, two hundred thousand times. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`(local.set $h (call $alloc (i64.const 1048576)))
    (loop $l (call $output_set (local.get $h) (i64.const 1048576)) (br $l))`),
  stopped: "load",
  code: "plugin_violation",
  says: "bytes of texts in one call",
};
