/** Reads memory where no cache has it. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (drop (memory.grow (i32.const 200)))
    (loop $l
      ${
      "(local.set $i (i32.and (i32.add (i32.mul (local.get $i) (i32.const 1664525)) (i32.const 1013904223)) (i32.const 0xbfffff)))(drop (i32.load8_u (local.get $i)))\n"
        .repeat(20)
    }
      (br $l))`),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
