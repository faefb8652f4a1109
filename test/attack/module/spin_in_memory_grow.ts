/** Asks for no memory for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(loop $l (drop (memory.grow (i32.const 0))) (br $l))"),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
