/** Would be called with too little. */
import { type ModuleAttack, pluginThat } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThat({
      without: ["connect"],
      fields: [`(func (export "connect") (param i64) (result i32) (i32.const 0))`],
    }),
  stopped: "folder",
  code: "plugin_refused",
  says: "export connect: expected () -> (i32)",
};
