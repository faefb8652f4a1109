/** Goes round by the other branch of an if. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes(`
    (loop $l (if (i32.const 0) (then (nop)) (else (br $l))))`),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
