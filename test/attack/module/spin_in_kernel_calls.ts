/** Asks the kernel the same thing for ever. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(loop $l (drop (call $input_length)) (br $l))"),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
