/** Asks the host by way of a table. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(loop $l (drop (call_indirect (type $t) (i32.const 0))) (br $l))", {
      fields: ["(type $t (func (result i32)))", "(table funcref (elem $batch_mode))"],
    }),
  stopped: "load",
  code: "plugin_exhausted",
  says: "its fuel is used up",
};
