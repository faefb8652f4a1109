/** Fills its memory for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (drop (memory.grow (i32.const 200)))
    (loop $l (memory.fill (i32.const 0) (i32.const 7) (i32.const 0xc00000)) (br $l))`),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
