/** Two functions that call each other. */
import { type ModuleAttack, pluginThatDoes } from "../module_attack.ts";

export const attack: ModuleAttack = {
  bytes: () =>
    pluginThatDoes("(call $a)", {
      fields: ["(func $a (call $b))", "(func $b (call $a))"],
    }),
  stopped: "load",
  code: "plugin_failed",
  says: "stack",
};
