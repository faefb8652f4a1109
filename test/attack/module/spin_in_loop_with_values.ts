/** A loop that takes a value along. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () => pluginThatDoes("(i32.const 1) (loop $l (param i32) (result i32) (br $l)) (drop)"),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
