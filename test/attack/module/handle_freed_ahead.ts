/** Gives the last handle back before it was given, so that the next ones come out negative. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(
      `(call $free (i64.const 0x7fff000000000000)) (call $sql_prepare (call $alloc (i64.const 1)))`,
    ),
  stopped: "load",
  code: "plugin_violation",
  says: "a handle of no block",
};
